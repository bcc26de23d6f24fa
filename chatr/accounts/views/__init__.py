"""Pages about an account: joining, where you work, your own account, and the second step."""
