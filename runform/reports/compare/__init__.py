"""Two FormChecks of one athlete side by side, or two views of the same one."""
