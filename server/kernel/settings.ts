import { existsSync, readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { isAbsolute, join } from 'node:path'
import type { Level } from './log.ts'
import { LEVELS } from './log.ts'

/** What the process is told from outside (decision 36). */
export interface Settings {
  host: string
  port: number
  data_dir: string
  key_file: string
  /** The root key itself, when the service manager or the environment hands it over. */
  root_key?: string | undefined
  /** Origin that browsers use, without a slash at the end. */
  public_url: string
  setup_code: string | undefined
  log_level: Level
  behind_proxy: boolean
  /** Addresses and networks whose `X-Forwarded-For` is believed, as `10.0.0.0/8`. */
  trusted_proxies: readonly string[]
  /** Origins of other pages that may ask the API. */
  allowed_origins: readonly string[]
  /** Files of a certificate and its key (PEM), to speak TLS without a proxy. */
  tls: { cert_file: string; key_file: string } | undefined
  /**
   * Hosts that agents may reach, as `example.org` or `*.example.org`; `*` is every public host for every method.
   * Without a list every public host may be read (GET, HEAD) and none be sent to.
   */
  egress_hosts: readonly string[] | undefined
  /** Addresses of the own network that agents may reach, each as `host:port`. */
  egress_lan: readonly string[]
  /** Folders that the owner's agents may look at. */
  watch_folders: readonly string[]
  /** Port at which it is a Wyoming service for other programs on this machine; none unless set. */
  wyoming_port?: number | undefined
  /** Whether figures of the server may be read at `/metrics`. */
  metrics?: boolean
  /** Where traces are sent, without a slash at the end; nowhere unless given. */
  otlp_endpoint?: string | undefined
}

/** A setting is wrong; `setting` names it. */
export class SettingError extends Error {
  readonly setting: string
  constructor(setting: string, message: string) {
    super(`${setting}: ${message}`)
    this.setting = setting
  }
}

type Environment = Readonly<Record<string, string | undefined>>

const KNOWN = new Set([
  'PAIOS_HOST',
  'PAIOS_PORT',
  'PAIOS_DATA_DIR',
  'PAIOS_KEY_FILE',
  'PAIOS_ROOT_KEY',
  'PAIOS_PUBLIC_URL',
  'PAIOS_SETUP_CODE',
  'PAIOS_DATABASE_URL',
  'PAIOS_LOG_LEVEL',
  'PAIOS_BEHIND_PROXY',
  'PAIOS_TRUSTED_PROXIES',
  'PAIOS_ALLOWED_ORIGINS',
  'PAIOS_TLS_CERT_FILE',
  'PAIOS_TLS_KEY_FILE',
  'PAIOS_EGRESS_HOSTS',
  'PAIOS_EGRESS_LAN',
  'PAIOS_WATCH_FOLDERS',
  'PAIOS_METRICS',
  'PAIOS_WYOMING_PORT',
  'PAIOS_URL',
  'PAIOS_TOKEN_FILE',
  'PAIOS_AGENT_TOKEN',
])
const SETUP_CODE_MIN = 16

/**
 * Reads the settings from the environment.
 *
 * @throws SettingError that names the first wrong one, also one that does not exist: a misspelt setting must not be
 * silently without effect.
 */
export function readSettings(environment: Environment): Settings {
  for (const name of Object.keys(environment)) {
    if (name.startsWith('PAIOS_') && !KNOWN.has(name))
      throw new SettingError(name, 'there is no such setting.')
  }
  if (given(environment, 'PAIOS_DATABASE_URL') !== undefined) {
    throw new SettingError(
      'PAIOS_DATABASE_URL',
      'PostgreSQL is not built yet; leave it out for the embedded database.',
    )
  }
  const host = given(environment, 'PAIOS_HOST') ?? '127.0.0.1'
  const port = readPort(given(environment, 'PAIOS_PORT') ?? '3001')
  const wyoming_port = given(environment, 'PAIOS_WYOMING_PORT')
  const behind_proxy = readFlag(environment, 'PAIOS_BEHIND_PROXY')
  const tls = readTls(environment)
  if (!isLoopback(host) && !behind_proxy && tls === undefined) {
    throw new SettingError(
      'PAIOS_HOST',
      `${host} is not loopback: set PAIOS_TLS_CERT_FILE and PAIOS_TLS_KEY_FILE, or PAIOS_BEHIND_PROXY=1 behind a proxy that does TLS.`,
    )
  }
  return {
    host,
    port,
    behind_proxy,
    tls,
    trusted_proxies: readProxies(environment),
    allowed_origins: readOrigins(environment),
    egress_hosts: readHosts(environment),
    egress_lan: readLan(environment),
    watch_folders: readFolders(environment),
    metrics: readFlag(environment, 'PAIOS_METRICS'),
    wyoming_port: wyoming_port === undefined ? undefined : readPort(wyoming_port, 'PAIOS_WYOMING_PORT'),
    otlp_endpoint: readEndpoint(environment, 'OTEL_EXPORTER_OTLP_ENDPOINT'),
    data_dir:
      readPath(environment, 'PAIOS_DATA_DIR') ??
      join(xdg(environment, 'XDG_DATA_HOME', '.local/share', 'PAIOS_DATA_DIR'), 'paios'),
    key_file: readPath(environment, 'PAIOS_KEY_FILE') ?? join(configHome(environment), 'root.key'),
    root_key: given(environment, 'PAIOS_ROOT_KEY') ?? readCredential(environment),
    public_url: readUrl(
      given(environment, 'PAIOS_PUBLIC_URL') ?? `${tls === undefined ? 'http' : 'https'}://localhost:${port}`,
    ),
    setup_code: readSetupCode(given(environment, 'PAIOS_SETUP_CODE')),
    log_level: readLevel(given(environment, 'PAIOS_LOG_LEVEL') ?? 'info'),
  }
}

/** Folder of the user's own configuration of PAIOS, such as the root key and the tokens of the command line. */
export function configHome(environment: Environment): string {
  return join(xdg(environment, 'XDG_CONFIG_HOME', '.config', 'PAIOS_KEY_FILE'), 'paios')
}

/** Whether a host to bind is reachable from this machine alone. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)
}

function given(environment: Environment, name: string): string | undefined {
  const value = environment[name]
  return value === undefined || value === '' ? undefined : value
}

/** What systemd hands over by `LoadCredential=paios-root-key:...` or `SetCredentialEncrypted=`. */
function readCredential(environment: Environment): string | undefined {
  const folder = given(environment, 'CREDENTIALS_DIRECTORY')
  const path = folder === undefined ? undefined : join(folder, 'paios-root-key')
  return path !== undefined && existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined
}

/** @param setting - what to set in place of a home folder. */
function xdg(environment: Environment, name: string, fallback: string, setting: string): string {
  const home = given(environment, 'HOME') ?? given(environment, 'USERPROFILE')
  const folder = given(environment, name)
  if (folder !== undefined && isAbsolute(folder)) return folder
  if (home === undefined) throw new SettingError(setting, 'there is no home folder, so this must be set.')
  return join(home, fallback)
}

function readPort(text: string, name = 'PAIOS_PORT'): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (Number.isInteger(port) && port <= 65_535) return port
  throw new SettingError(name, `${JSON.stringify(text)} is not a port from 0 to 65535.`)
}

function readFlag(environment: Environment, name: string): boolean {
  const value = given(environment, name)
  if (value === undefined || value === '0') return false
  if (value === '1') return true
  throw new SettingError(name, `${JSON.stringify(value)} is neither 0 nor 1.`)
}

function readPath(environment: Environment, name: string): string | undefined {
  const path = given(environment, name)
  if (path === undefined || isAbsolute(path)) return path
  throw new SettingError(name, `${JSON.stringify(path)} is not an absolute path.`)
}

function readUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  // Whatever an address says beyond its origin would be silently without effect.
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`) return url.origin
  throw new SettingError('PAIOS_PUBLIC_URL', `${JSON.stringify(text)} is not an http or https origin.`)
}

function readEndpoint(environment: Environment, name: string): string | undefined {
  const text = given(environment, name)
  if (text === undefined) return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.href === `${url.origin}${url.pathname}`)
    return url.href.replace(/\/+$/, '')
  throw new SettingError(name, `${JSON.stringify(text)} is not an http or https address.`)
}

function readList(environment: Environment, name: string): string[] {
  const texts = (given(environment, name) ?? '').split(',').map((text) => text.trim())
  return texts.filter((text) => text !== '')
}

function readOrigins(environment: Environment): string[] {
  return readList(environment, 'PAIOS_ALLOWED_ORIGINS').map((text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined
    if (url !== undefined && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`)
      return url.origin
    throw new SettingError('PAIOS_ALLOWED_ORIGINS', `${JSON.stringify(text)} is not an http or https origin.`)
  })
}

/** Without a list only a proxy on this machine is believed. */
function readProxies(environment: Environment): string[] {
  const proxies = readList(environment, 'PAIOS_TRUSTED_PROXIES')
  for (const text of proxies) {
    const [address = '', prefix = '0', ...rest] = text.split('/')
    const isPrefix = /^\d{1,3}$/.test(prefix) && Number(prefix) <= (isIP(address) === 4 ? 32 : 128)
    if (isIP(address) === 0 || !isPrefix || rest.length > 0)
      throw new SettingError(
        'PAIOS_TRUSTED_PROXIES',
        `${JSON.stringify(text)} is not an address or a network.`,
      )
  }
  return proxies.length === 0 ? ['127.0.0.0/8', '::1'] : proxies
}

const HOST = /^(\*|(\*\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*)$/

function readHosts(environment: Environment): string[] | undefined {
  const hosts = readList(environment, 'PAIOS_EGRESS_HOSTS').map((host) => host.toLowerCase())
  const wrong = hosts.find((host) => !HOST.test(host))
  if (wrong !== undefined)
    throw new SettingError(
      'PAIOS_EGRESS_HOSTS',
      `${JSON.stringify(wrong)} is not a host such as example.org or *.example.org, nor *.`,
    )
  return hosts.length === 0 ? undefined : hosts
}

function readLan(environment: Environment): string[] {
  return readList(environment, 'PAIOS_EGRESS_LAN').map((text) => {
    const url = URL.canParse(`http://${text}`) ? new URL(`http://${text}`) : undefined
    // The port that a scheme implies is written out all the same: it is the target, not a detail of it.
    const port = /:(\d{1,5})$/.exec(text)?.[1]
    if (url !== undefined && port !== undefined && url.href === `${url.origin}/`)
      return `${url.hostname.replace(/\.$/, '')}:${Number(port)}`
    throw new SettingError('PAIOS_EGRESS_LAN', `${JSON.stringify(text)} is not a host and a port.`)
  })
}

/** Without a list, the home folder. */
function readFolders(environment: Environment): string[] {
  const folders = readList(environment, 'PAIOS_WATCH_FOLDERS')
  const wrong = folders.find((folder) => !isAbsolute(folder))
  if (wrong !== undefined)
    throw new SettingError('PAIOS_WATCH_FOLDERS', `${JSON.stringify(wrong)} is not an absolute path.`)
  const home = given(environment, 'HOME') ?? given(environment, 'USERPROFILE')
  return folders.length > 0 ? folders : home === undefined ? [] : [home]
}

function readTls(environment: Environment): Settings['tls'] {
  const cert_file = readPath(environment, 'PAIOS_TLS_CERT_FILE')
  const key_file = readPath(environment, 'PAIOS_TLS_KEY_FILE')
  if (cert_file === undefined && key_file === undefined) return undefined
  if (cert_file === undefined) throw new SettingError('PAIOS_TLS_CERT_FILE', 'the key has no certificate.')
  if (key_file === undefined) throw new SettingError('PAIOS_TLS_KEY_FILE', 'the certificate has no key.')
  return { cert_file, key_file }
}

function readSetupCode(text: string | undefined): string | undefined {
  if (text === undefined || (text.length >= SETUP_CODE_MIN && text.length <= 128)) return text
  throw new SettingError('PAIOS_SETUP_CODE', `a setup code has ${SETUP_CODE_MIN} to 128 characters.`)
}

function readLevel(text: string): Level {
  const level = LEVELS.find((known) => known === text)
  if (level !== undefined) return level
  throw new SettingError('PAIOS_LOG_LEVEL', `${JSON.stringify(text)} is not one of ${LEVELS.join(', ')}.`)
}
