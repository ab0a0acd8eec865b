"""政务新媒体: accounts on platforms that no crawler reads."""
