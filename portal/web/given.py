"""What Litestar hands to a page by name. Ours already, so it is not checked again."""

from typing import Any

from litestar import Request
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from portal.clock import Clock
from portal.people.places import Places
from portal.settings import Settings
from portal.web.viewer import Viewer

AnyRequest = Request[Any, Any, State]
TheViewer = NamedDependency[SkipValidation[Viewer]]
TheSettings = NamedDependency[SkipValidation[Settings]]
ThePlaces = NamedDependency[SkipValidation[Places]]
TheClock = NamedDependency[SkipValidation[Clock]]
