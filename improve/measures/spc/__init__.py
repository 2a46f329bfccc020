"""Statistical process control: charts, rule sets and the before-and-after verdict.

Pure Python on the standard library. Nothing here knows a web request, a database or a template,
so every number on a screen can be checked in a test without either.

``series`` names what goes in and comes out; ``analysis`` makes the chart to draw; ``verdict``
judges a test of change; ``choose`` picks a chart for a measure. ``control_chart`` and
``making_data_count`` reproduce the field's two reference implementations point for point and are
what the golden cases are compared with.
"""
