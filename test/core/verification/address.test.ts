import { hostIssue, isAllowedAddress, kindOfAddress } from '../../../core/verification/address.js';

test.each([
  ['public', ['8.8.8.8', '1.1.1.1', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '126.255.255.255', '128.0.0.1']],
  ['public', ['169.253.255.255', '169.255.0.0', '172.15.255.255', '172.32.0.0', '192.167.255.255', '192.169.0.0', '198.17.255.255']],
  ['public', ['198.20.0.0', '223.255.255.255', '2600:1f18::1', '2606:4700:4700::1111', '2a00:1450:4001:82b::200e', '3ffe::1']],
  ['private', ['10.0.0.0', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.0.1', '100.64.0.0', '100.127.255.255']],
  ['private', ['198.18.0.1', '198.19.255.255', 'fc00::1', 'fd00::1', 'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'fd00:ec1::254']],
  ['loopback', ['127.0.0.1', '127.255.255.254', '::1', '0:0:0:0:0:0:0:1']],
  ['metadata', ['169.254.169.254', '169.254.170.2', '169.254.0.0', '169.254.255.255', 'fd00:ec2::254', 'fd00:ec2::23', 'FD00:EC2::253']],
  ['linkLocal', ['fe80::1', 'fe80::1%eth0', 'febf::1', 'fe80::a9fe:a9fe%1']],
  ['multicast', ['224.0.0.1', '239.255.255.255', 'ff02::1', 'ff0e::1']],
  [
    'reserved',
    ['0.0.0.0', '0.1.2.3', '192.0.0.1', '192.0.2.1', '192.88.99.1', '198.51.100.1', '203.0.113.1', '240.0.0.1', '255.255.255.255'],
  ],
  ['reserved', ['::', '2001:db8::1', '3fff::1', '5f00::1', '100::1', 'fec0::1', '4000::1', '64:ff9b:1::a00:1']],
  // Tunnels: what they hide is not looked at.
  ['reserved', ['2001:0:4136:e378:8000:63bf:3fff:fdd2', '2002:a9fe:a9fe::1', '2002:808:808::1', '::127.0.0.1', '::8.8.8.8']],
  [
    'unknown',
    [
      '',
      'example.com',
      '1.2.3',
      '1.2.3.4.5',
      '256.1.1.1',
      '01.2.3.4',
      '0x7f.0.0.1',
      '2130706433',
      ' 8.8.8.8',
      '8.8.8.8 ',
      '1:2:3:4:5:6:7::8',
    ],
  ],
  [
    'unknown',
    [
      ':',
      ':::',
      '1::2::3',
      '1:2:3:4:5:6:7',
      '1:2:3:4:5:6:7:8:9',
      '1:2:3:4:5:6:7:8::9',
      '12345::',
      'g::',
      '::1.2.3',
      '[::1]',
      '::1.2.3.4:5',
    ],
  ],
] as const)('%s addresses: %p', (kind, addresses) => {
  for (const address of addresses) expect([address, kindOfAddress(address)]).toEqual([address, kind]);
});

test.each([
  ['8.8.8.8', 'public'],
  ['10.0.0.1', 'private'],
  ['127.0.0.1', 'loopback'],
  ['169.254.169.254', 'metadata'],
  ['224.0.0.1', 'multicast'],
] as const)('the IPv6 forms of %s are %s, too: mapped, and behind NAT64', (ipv4, kind) => {
  const [a = 0, b = 0, c = 0, d = 0] = ipv4.split('.').map(Number);
  const hexadecimal = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;

  for (const form of [`::ffff:${ipv4}`, `::ffff:${hexadecimal}`, `0:0:0:0:0:FFFF:${ipv4}`, `64:ff9b::${ipv4}`, `64:ff9b::${hexadecimal}`])
    expect([form, kindOfAddress(form)]).toEqual([form, kind]);
});

test('allowPrivate admits private and loopback addresses, and never those of AWS itself, link-local, multicast or reserved ones', () => {
  const addresses = ['8.8.8.8', '10.0.0.1', '127.0.0.1', '::1', 'fd00::1', '::ffff:10.0.0.1'];
  const never = ['169.254.169.254', '::ffff:169.254.169.254', 'fd00:ec2::254', 'fe80::1', '224.0.0.1', '0.0.0.0', '::', 'example.com'];

  expect(addresses.filter((address) => isAllowedAddress(address, true))).toEqual(addresses);
  expect(addresses.filter((address) => isAllowedAddress(address, false))).toEqual(['8.8.8.8']);
  expect(never.filter((address) => isAllowedAddress(address, true) || isAllowedAddress(address, false))).toEqual([]);
});

test.each([
  'https://example.com/health',
  'https://example.com./health',
  'https://example.com:8443/health?token=x#part',
  'https://xn--bcher-kva.example/',
  'https://8.8.8.8/',
  'https://[2606:4700:4700::1111]/',
  'https://localhost.example.com/',
  'https://127.0.0.1.example.com/',
])('%s may be requested, as far as is known without DNS', (url) => {
  expect(hostIssue(url)).toBeUndefined();
});

test.each([
  'https://169.254.169.254/latest/meta-data',
  'https://169.254.0.1/',
  'https://[fd00:ec2::254]/',
  'https://224.0.0.1/',
  'https://0/',
])('%s is refused, though private addresses are allowed', (url) => {
  for (const allowPrivate of [false, true]) expect(hostIssue(url, allowPrivate)).toMatch(/^has the host .*; expected a public one$/);
});

test.each([
  ['octal', 'https://0177.0.0.1/'],
  ['decimal', 'https://2130706433/'],
  ['hexadecimal', 'https://0x7f000001/'],
  ['short', 'https://127.1/'],
  ['with a trailing dot', 'https://127.0.0.1./'],
  ['percent-encoded', 'https://127%2e0.0.1/'],
  ['full-width', 'https://１２７.0.0.1/'],
  ['mapped', 'https://[::ffff:127.0.0.1]/'],
  ['IPv6', 'https://[::1]/'],
  ['a name', 'https://localhost/'],
  ['a name with a trailing dot', 'https://LOCALHOST./'],
  ['a name below localhost', 'https://app.localhost:8443/'],
])('the loopback address is refused in every form, unless it is allowed: %s', (_, url) => {
  expect(hostIssue(url)).toContain('a loopback address; expected a public one, or allowPrivate: true');
  expect(hostIssue(url, true)).toBeUndefined();
});
