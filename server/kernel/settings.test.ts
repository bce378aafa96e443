import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SettingError, configHome, isLoopback, readSettings } from './settings.ts'

const HOME = { HOME: '/users/ann' }

/** The name of the setting that is refused. */
function refused(environment: Record<string, string>): string {
  try {
    readSettings({ ...HOME, ...environment })
  } catch (error) {
    assert.ok(error instanceof SettingError)
    assert.ok(error.message.startsWith(`${error.setting}: `), error.message)
    return error.setting
  }
  return 'nothing'
}

test('without any setting the server is for this machine and user alone', () => {
  assert.partialDeepStrictEqual(readSettings(HOME), {
    host: '127.0.0.1',
    port: 3001,
    behind_proxy: false,
    data_dir: '/users/ann/.local/share/paios',
    key_file: '/users/ann/.config/paios/root.key',
    public_url: 'http://localhost:3001',
    setup_code: undefined,
    log_level: 'info',
  })
})

test('every setting is taken as it is given, and an empty one as if it were not', () => {
  const given = {
    PAIOS_HOST: '::1',
    PAIOS_PORT: '65535',
    PAIOS_DATA_DIR: '/srv/data',
    PAIOS_KEY_FILE: '/srv/key',
    PAIOS_PUBLIC_URL: 'https://paios.example',
    PAIOS_SETUP_CODE: '0123456789abcdef',
    PAIOS_LOG_LEVEL: 'debug',
    PAIOS_METRICS: '1',
    PAIOS_BEHIND_PROXY: '1',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318/otlp/',
  }
  assert.partialDeepStrictEqual(readSettings(given), {
    host: '::1',
    port: 65_535,
    behind_proxy: true,
    data_dir: '/srv/data',
    key_file: '/srv/key',
    public_url: 'https://paios.example',
    setup_code: '0123456789abcdef',
    log_level: 'debug',
    metrics: true,
    otlp_endpoint: 'http://127.0.0.1:4318/otlp',
  })
  const empty = Object.fromEntries(Object.keys(given).map((name) => [name, '']))
  assert.deepEqual(readSettings({ ...HOME, ...empty }), readSettings(HOME))
})

test('the folders follow the XDG ones when these are absolute, and their defaults otherwise', () => {
  const absolute = readSettings({ ...HOME, XDG_DATA_HOME: '/data', XDG_CONFIG_HOME: '/config' })
  assert.deepEqual([absolute.data_dir, absolute.key_file], ['/data/paios', '/config/paios/root.key'])
  const relative = readSettings({ ...HOME, XDG_DATA_HOME: 'data', XDG_CONFIG_HOME: './config' })
  assert.deepEqual(
    [relative.data_dir, relative.key_file],
    [readSettings(HOME).data_dir, readSettings(HOME).key_file],
  )
  assert.equal(configHome({ USERPROFILE: '/users/ann' }), '/users/ann/.config/paios')
})

test('without a home folder the setting that is missing is named', () => {
  assert.equal(refused({ HOME: '' }), 'PAIOS_DATA_DIR')
  assert.equal(refused({ HOME: '', PAIOS_DATA_DIR: '/srv/data' }), 'PAIOS_KEY_FILE')
  assert.equal(refused({ HOME: '', PAIOS_DATA_DIR: '/srv/data', PAIOS_KEY_FILE: '/srv/key' }), 'nothing')
})

test('what is wrong is refused by name', () => {
  const wrong: Record<string, string[]> = {
    PAIOS_PORT: ['-1', '65536', '3001.5', '0x10', '1e3', ' 80', '٣٠٠١', 'http'],
    PAIOS_HOST: [
      '0.0.0.0',
      '::',
      '192.168.0.1',
      '127.0.0.1.example.org',
      'localhost.example.org',
      '1127.0.0.1',
    ],
    PAIOS_BEHIND_PROXY: ['true', 'yes', '2', ' 1'],
    PAIOS_METRICS: ['true', 'on', '2'],
    OTEL_EXPORTER_OTLP_ENDPOINT: ['localhost:4318', 'ftp://x', 'http://a:b@x', 'http://x/?q', 'http://x/#f'],
    PAIOS_DATA_DIR: ['data', './data', '../data', '~/data'],
    PAIOS_KEY_FILE: ['key', '~/key'],
    PAIOS_LOG_LEVEL: ['trace', 'INFO', 'warning'],
    PAIOS_SETUP_CODE: ['short', '0123456789abcde', 'x'.repeat(129)],
    PAIOS_DATABASE_URL: ['postgres://localhost/paios'],
    PAIOS_DATA_DRI: ['/srv/data'],
    PAIOS_: ['1'],
  }
  for (const [name, values] of Object.entries(wrong)) {
    for (const value of values) assert.equal(refused({ [name]: value }), name, `${name}=${value}`)
  }
  assert.equal(
    refused({ PAIOS_URL: 'http://localhost:1', PAIOS_TOKEN_FILE: '/t', paios_port: 'x' }),
    'nothing',
  )
})

const originOf = (url: string) => readSettings({ ...HOME, PAIOS_PUBLIC_URL: url }).public_url

test('the public address is an origin and nothing more', () => {
  assert.equal(originOf('https://paios.example/'), 'https://paios.example')
  assert.equal(originOf('HTTPS://PAIOS.example:443'), 'https://paios.example')
  assert.equal(originOf('http://[::1]:3001'), 'http://[::1]:3001')
  const parts = ['/app', '/?a=1', '/?', '#top', '/#']
  const wrong = [...parts.map((part) => `https://paios.example${part}`), 'https://ann:secret@paios.example']
  for (const url of [
    ...wrong,
    'paios.example',
    'ftp://paios.example',
    'file:///srv',
    'javascript:alert(1)',
    '//x',
  ]) {
    assert.equal(refused({ PAIOS_PUBLIC_URL: url }), 'PAIOS_PUBLIC_URL', url)
  }
})

test('a host that others can reach needs a proxy in front of it', () => {
  assert.equal(refused({ PAIOS_HOST: '0.0.0.0', PAIOS_BEHIND_PROXY: '0' }), 'PAIOS_HOST')
  assert.equal(readSettings({ ...HOME, PAIOS_HOST: '0.0.0.0', PAIOS_BEHIND_PROXY: '1' }).host, '0.0.0.0')
  for (const host of ['localhost', '127.0.0.1', '127.8.8.8', '::1'])
    assert.equal(isLoopback(host), true, host)
  for (const host of ['', '::', '0.0.0.0', '128.0.0.1', '127.0.0', '127.0.0.1 '])
    assert.equal(isLoopback(host), false, host)
})

test('lists are read entry by entry, and one wrong entry is refused', () => {
  const read = readSettings({
    ...HOME,
    PAIOS_TRUSTED_PROXIES: '10.0.0.0/8, fd00::/8 ,192.168.0.1,',
    PAIOS_ALLOWED_ORIGINS: 'https://a.example, http://localhost:5173/',
  })
  assert.deepEqual(read.trusted_proxies, ['10.0.0.0/8', 'fd00::/8', '192.168.0.1'])
  assert.deepEqual(read.allowed_origins, ['https://a.example', 'http://localhost:5173'])
  for (const proxy of [
    'proxy.example',
    '10.0.0.0/33',
    '10.0.0/8',
    '::1/129',
    '10.0.0.0/8/8',
    '10.0.0.0/',
    '*',
  ]) {
    assert.equal(refused({ PAIOS_TRUSTED_PROXIES: `::1,${proxy}` }), 'PAIOS_TRUSTED_PROXIES', proxy)
  }
  for (const origin of ['*', 'a.example', 'https://a.example/path', 'null']) {
    assert.equal(
      refused({ PAIOS_ALLOWED_ORIGINS: `https://b.example,${origin}` }),
      'PAIOS_ALLOWED_ORIGINS',
      origin,
    )
  }
})

test('a certificate and its key come together, and open the server to others', () => {
  const [cert_file, key_file] = ['/srv/cert.pem', '/srv/key.pem']
  assert.equal(refused({ PAIOS_TLS_CERT_FILE: cert_file }), 'PAIOS_TLS_KEY_FILE')
  assert.equal(refused({ PAIOS_TLS_KEY_FILE: key_file }), 'PAIOS_TLS_CERT_FILE')
  const both = {
    ...HOME,
    PAIOS_TLS_CERT_FILE: cert_file,
    PAIOS_TLS_KEY_FILE: key_file,
    PAIOS_HOST: '0.0.0.0',
  }
  const { tls, public_url, host } = readSettings(both)
  assert.deepEqual([tls, public_url, host], [{ cert_file, key_file }, 'https://localhost:3001', '0.0.0.0'])
})

test('a setup code that is refused is not repeated, since the message goes to the log', () => {
  assert.throws(
    () => readSettings({ ...HOME, PAIOS_SETUP_CODE: 'hunter2' }),
    (error) => error instanceof SettingError && !error.message.includes('hunter2'),
  )
})
