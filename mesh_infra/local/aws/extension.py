"""How an extension takes the place of what moto has."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import Any

from moto.core.base_backend import BackendDict, BaseBackend
from moto.core.responses import BaseResponse


@dataclass(frozen=True, slots=True)
class Extension:
    """A service's responses, and where need be its backend, in place of moto's.

    ``urls`` is moto's module of the service's paths, ``paths`` those that it lacks; ``backends`` is where moto keeps
    the service's state, ``backend`` the class that keeps it from now on.
    """

    urls: ModuleType
    responses: type[BaseResponse]
    paths: tuple[str, ...] = ()
    backends: BackendDict[Any] | None = None
    backend: type[BaseBackend] | None = None

    def put_in_place(self) -> None:
        """Make moto use it from now on; does nothing where moto does so already."""
        handlers = self.urls.url_paths
        if all(handler.__self__ is self.responses for handler in handlers.values()):
            return
        handlers.update({path: getattr(self.responses, handler.__name__) for path, handler in handlers.items()})
        handlers.update(dict.fromkeys(self.paths, self.responses.dispatch))
        if self.backends is not None and self.backend is not None:
            self.backends.backend = self.backend
            self.backends.clear()
