// The network as a function's code finds it in node:https, node:dns and node:timers, in place of the real one. Node.js's own client speaks HTTP
// over connections of the emulator; what is emulated is DNS, TCP and TLS. CommonJS, because it is loaded into workers, which have no
// TypeScript loader.
//
// `ask(name, input)` resolves to the emulator's answer, and virtual time may pass meanwhile; `send` has no answer.
const dns = require('node:dns');
const https = require('node:https');
const { syncBuiltinESMExports } = require('node:module');
const { isIP } = require('node:net');
const { Duplex } = require('node:stream');
const nodeTimers = require('node:timers');
const { promisify } = require('node:util');

const { request: realRequest } = https;

/** Lets the code continue with what it got, as far as it needs nothing of the emulator. */
const settled = async () => {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
};

module.exports = ({ ask, send }) => {
  let connections = 0;
  let timers = 0;
  let asked = 0;
  let isIdle = false;
  const running = new Map();

  /** While the code has nothing to do but to wait for a timer, virtual time passes. */
  const passTimeIfIdle = async () => {
    await settled();
    if (asked > 0 || isIdle || running.size === 0) return;
    isIdle = true;
    await ask('idle', {});
    isIdle = false;
  };

  const asking = async (name, input) => {
    asked++;
    try {
      return await ask(name, input);
    } finally {
      asked--;
      void passTimeIfIdle();
    }
  };

  const systemError = (code, syscall, more) => Object.assign(new Error(`${syscall} ${code}`), { code, syscall, ...more });

  const lookup = (hostname, options, callback = options) => {
    const { all = false, family = 0 } = typeof options === 'object' ? options : { family: Number(options) || 0 };
    void asking('lookup', { hostname }).then(({ addresses, code }) => {
      const found = addresses
        .filter((address) => family === 0 || isIP(address) === family)
        .map((address) => ({ address, family: isIP(address) }));
      if (found.length === 0) callback(systemError(code ?? 'ENOTFOUND', 'getaddrinfo', { hostname }));
      else if (all) callback(null, found);
      else callback(null, found[0].address, found[0].family);
    });
  };

  /** What a request writes to, and reads its answer from. TCP and TLS are over when it emits `secureConnect`. */
  class Connection extends Duplex {
    constructor(options) {
      super();
      this.id = ++connections;
      this.connecting = true;
      this.encrypted = true;
      this.head = '';
      this.opened = this.open(options);
    }

    async open({ host, port, servername, lookup: find = lookup, rejectUnauthorized = true }) {
      let answer;
      for (const address of await this.resolve(host, find)) {
        if (this.destroyed) return;
        answer = await asking('connect', {
          connection: this.id,
          address,
          port: Number(port),
          servername: servername || host,
          rejectUnauthorized,
        });
        if (answer.code === undefined) break;
        // Only if it cannot be reached is another address tried.
        if (!answer.isOfTcp) break;
      }
      if (this.destroyed || !answer) return;
      if (answer.code !== undefined) {
        this.destroy(systemError(answer.code, 'connect'));
        return;
      }
      this.connecting = false;
      this.remoteAddress = answer.address;
      this.emit('connect');
      this.emit('secureConnect');
    }

    /** As net.connect does: without a lookup of a literal address. */
    resolve(host, find) {
      if (isIP(host)) return [host];
      return new Promise((resolve) => {
        find(host, { family: 0, hints: 0, all: true }, (error, addresses) => {
          if (error) this.destroy(error);
          resolve(error ? [] : addresses.map(({ address }) => address));
        });
      });
    }

    _write(chunk, _encoding, done) {
      this.head += chunk.toString('latin1');
      void this.opened.then(() => {
        done();
        if (this.head.endsWith('\r\n\r\n')) void this.receive();
      });
    }

    _read() {}

    async receive() {
      // Between two reads, the code is at work with the first one.
      asked++;
      await this.readAll(this.head);
      asked--;
      void passTimeIfIdle();
    }

    async readAll(request) {
      let head = request;
      while (!this.destroyed) {
        const { bytes, code } = await asking('read', { connection: this.id, ...(head && { head }) });
        head = '';
        if (this.destroyed) return;
        if (code !== undefined) this.destroy(systemError(code, 'read'));
        else if (bytes) this.push(Buffer.from(bytes));
        else return void this.push(null);
        await settled();
      }
    }

    _destroy(error, done) {
      send('close', { connection: this.id });
      done(error);
    }

    setTimeout() {
      return this;
    }
    setNoDelay() {
      return this;
    }
    setKeepAlive() {
      return this;
    }
    ref() {
      return this;
    }
    unref() {
      return this;
    }
  }

  const request = (...given) => {
    const [url, options, callback] = typeof given[0] === 'string' || given[0] instanceof URL ? given : [undefined, ...given];
    const emulated = { ...options, agent: undefined, defaultPort: 443, createConnection: (target) => new Connection(target) };
    return url === undefined ? realRequest(emulated, callback) : realRequest(url, emulated, callback);
  };

  const setTimeout = (run, milliseconds = 0, ...values) => {
    const timer = ++timers;
    running.set(timer, () => run(...values));
    send('setTimer', { timer, milliseconds });
    void passTimeIfIdle();
    return timer;
  };

  const clearTimeout = (timer) => {
    if (running.delete(timer)) send('clearTimer', { timer });
  };

  /** A timer is due; resolves when the code has done what follows from it. */
  const fire = async (timer) => {
    const run = running.get(timer);
    running.delete(timer);
    run?.();
    await settled();
    void passTimeIfIdle();
  };

  /** Puts all of it in the place of Node.js's own, in a thread that has the code of one function only. */
  const install = () => {
    const get = (...given) => {
      const made = request(...given);
      made.end();
      return made;
    };
    Object.assign(https, { request, get });
    Object.assign(dns, { lookup });
    Object.assign(dns.promises, { lookup: promisify(lookup) });
    Object.assign(nodeTimers, { setTimeout, clearTimeout });
    syncBuiltinESMExports();
  };

  return { request, lookup, setTimeout, clearTimeout, fire, install };
};
