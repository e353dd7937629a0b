"""What runs in the person's kernel: the chat panel between the cells. It never imports the server's side."""
