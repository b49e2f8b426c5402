"""The same examples on every machine and in every run."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "deterministic",
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=100,
    suppress_health_check=[
        HealthCheck.too_slow,  # it measures the machine
        HealthCheck.filter_too_much,  # points at a kink are left out, which of few examples can be most
    ],
)
settings.load_profile("deterministic")
