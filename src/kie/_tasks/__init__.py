"""The life of a task: check, upload, submit, poll, download."""
