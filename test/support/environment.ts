// Development on Node.js 20 is meant; the functions run on a later one. One warning a file would hide others.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
// Steps log as in Lambda; a test that reads their log lines sets the level itself.
process.env.POWERTOOLS_LOG_LEVEL ??= 'SILENT';
