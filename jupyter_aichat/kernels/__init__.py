"""Kernels: running code in the user's kernel, and asking it about its variables, without getting in the user's way.

The only folder that knows jupyter_client. `KernelBridge` is its door; `outputs` is pure and describes what code showed.
"""

from jupyter_aichat.kernels.bridge import KernelBridge
from jupyter_aichat.kernels.limiter import OutputLimits
from jupyter_aichat.kernels.manager import Kernels
from jupyter_aichat.kernels.state import KernelState, Outcome

__all__ = ["KernelBridge", "KernelState", "Kernels", "Outcome", "OutputLimits"]
