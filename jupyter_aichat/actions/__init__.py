"""What an agent may ask for, and who decides about it. An agent only proposes an Action; the gateway disposes of it."""
