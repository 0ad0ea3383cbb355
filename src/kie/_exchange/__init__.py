"""One exchange with the service: retry, limit, circuit breaker."""
