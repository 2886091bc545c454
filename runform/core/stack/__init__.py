"""The whole app on one machine: what `manage.py up` starts, watches and takes down."""
