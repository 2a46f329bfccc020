"""When people work and teams meet: working days, busy times that pause clocks, huddle days."""
