"""办事服务: guides, forms and the facts in them."""
