"""Where Piccolo finds the engine and the apps. Portal comes first: its roles are used by all."""

from piccolo.conf.apps import AppRegistry

from portal.database import engine

DB = engine
APP_REGISTRY = AppRegistry(apps=["portal.piccolo_app", "tenants.piccolo_app"])
