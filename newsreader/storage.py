"""Static files under hashed, compressed names, JavaScript modules' imports of each other included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Whitenoise's storage; it also rewrites `import … from "./x.js"` to the hashed name."""

    support_js_module_import_aggregation = True
