"""What finished work taught: pages for the next team, who took it up, and other councils."""
