// Development on Node.js 20 is meant; the functions run on a later one. One warning a file would hide others.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
