import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import { operations } from '../contract/index.ts'
import { openApp } from './app.ts'
import type { App } from './app.ts'
import { descriptorsMax } from './descriptors.ts'
import type { Auth } from './domains/auth/index.ts'
import { systemClock } from './kernel/clock.ts'
import type { Keys } from './kernel/crypto.ts'
import { Fault } from './kernel/fault.ts'
import { KeychainError } from './kernel/keychain.ts'
import { KeyFileError, kindOf } from './kernel/ring.ts'
import { systemRandom } from './kernel/ids.ts'
import { logOf, openLog } from './kernel/log.ts'
import type { Log } from './kernel/log.ts'
import { logFolder, openLogFiles } from './kernel/logs/files.ts'
import type { LogFiles } from './kernel/logs/files.ts'
import { BackupError } from './kernel/backup/manifest.ts'
import { SettingError, readSettings } from './kernel/settings.ts'
import type { Settings } from './kernel/settings.ts'
import { NewerSchemaError } from './kernel/store/migrate.ts'
import { LockedFolderError } from './kernel/store/lock.ts'
import { ControlError, controlPath, openControl } from './transports/control.ts'
import type { ControlOptions } from './transports/control.ts'
import { documentPages } from './transports/documents/pages.ts'
import { openHttp } from './transports/http.ts'
import { PortTakenError, TlsError } from './transports/http/listener.ts'
import { openPage } from './transports/page.ts'
import { openWyoming } from './transports/wyoming/index.ts'
import { openSocket } from './transports/socket.ts'
import type { Files } from './transports/static.ts'
import { releaseStart } from './memory.ts'
import { openRootKeyOrWait } from './sealed.ts'
import { speechHint } from './speech-hint.ts'
import { VERSION } from './version.ts'

/** What running work gets to end in when the server is told to stop. */
const GRACE_MS = 25_000
const EXIT = { stopped: 0, failed: 1, setting: 2 } as const

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Runs a server until it is told to stop. Answers the exit code: 0 stopped, 1 failed, 2 a setting, the key file, the
 * port or the data folder is wrong; the cause is one line on standard error.
 */
export async function serve(environment: Environment): Promise<number> {
  try {
    const settings = readSettings(environment)
    // What the server starts besides itself does not inherit the key.
    delete process.env['PAIOS_ROOT_KEY']
    const logs = openLogFiles(logFolder(settings.data_dir), systemClock)
    const log = openLog(settings.log_level, systemClock, (line) => {
      process.stderr.write(`${line}\n`)
      logs.write(line)
    })
    const stop = stopSignal()
    // Whatever port was free at first is kept when the server is sealed and opened again.
    let { port } = settings
    while (!stop.aborted) port = await serveOnce({ ...settings, port }, log, logs, stop)
    await logs.flush()
    return EXIT.stopped
  } catch (error) {
    const known = [
      SettingError,
      KeyFileError,
      KeychainError,
      PortTakenError,
      NewerSchemaError,
      LockedFolderError,
      BackupError,
      ControlError,
      TlsError,
    ]
    const expected = error instanceof Error && known.some((kind) => error instanceof kind)
    process.stderr.write(`paios: ${error instanceof Error ? error.message : String(error)}\n`)
    if (!expected && error instanceof Error) process.stderr.write(`${error.stack}\n`)
    return expected ? EXIT.setting : EXIT.failed
  }
}

/** Serves until the server is to stop or is sealed; a sealed one waits for its passphrase first. Answers its port. */
async function serveOnce(settings: Settings, log: Log, logs: LogFiles, stop: AbortSignal): Promise<number> {
  let { port } = settings
  const listening = (url: string): void => {
    port ||= Number(new URL(url).port)
  }
  const keys = await openRootKeyOrWait(settings, {
    log,
    stop,
    told: (url) => {
      listening(url)
      process.stdout.write(`PAIOS is sealed at ${url}\nGive it its passphrase with: npx paios key unseal\n`)
    },
  })
  if (keys === undefined) return port
  const sealing = new AbortController()
  const server = await open({ settings: { ...settings, port }, keys, log, logs, seal: () => sealing.abort() })
  listening(server.url)
  process.stdout.write(`PAIOS is ready at ${server.url}\n`)
  const code = server.app.auth.setup_code()
  if (code !== undefined) {
    process.stdout.write(`Nobody uses it yet. Claim it with: npx paios setup\nSetup code: ${code}\n`)
  }
  if (process.stdout.isTTY) tellMissing(server.app, log)
  server.app.language
    .warmUp()
    .then(releaseStart)
    .catch((error: unknown) => log.error('what follows the start was not done', { error }))
  await aborted(AbortSignal.any([stop, sealing.signal]))
  await server.close()
  keys.erase()
  return port
}

/** Tells somebody at a terminal what they could have besides; nothing waits for it. */
function tellMissing({ speech }: App, log: Log): void {
  speechHint(speech)
    .then((hint) => hint !== undefined && process.stdout.write(`${hint}\n`))
    .catch((error: unknown) => log.warn('it is not known what is missing for speech', { error }))
}

interface Running {
  url: string
  app: App
  close(): Promise<void>
}

interface ToOpen {
  settings: Settings
  keys: Keys
  log: Log
  logs: LogFiles
  /** Closes the server, and has it wait for its passphrase. */
  seal: () => void
}

async function open({ settings, keys, log, logs, seal }: ToOpen): Promise<Running> {
  let port = settings.port
  const app = await openApp({
    // The keys are opened, and nothing behind this door needs the root key itself.
    settings: { ...settings, root_key: undefined },
    keys,
    log,
    logs,
    clock: systemClock,
    random: systemRandom,
    version: VERSION,
    server_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    latency: () => roundTrip(settings.host, port),
    onFatal: (error) => {
      log.error('the disk failed; stopping, so that nothing is acknowledged that is not kept', { error })
      process.exitCode = EXIT.failed
      setImmediate(() => process.exit(EXIT.failed))
    },
  })
  const { dispatch, kernel, auth } = app
  try {
    const http = await openHttp({
      dispatch,
      operations,
      settings,
      log: logOf(log, 'http'),
      files: accountPage(auth),
      pages: documentPages(VERSION, settings),
      descriptors_max: descriptorsMax(),
      metrics: settings.metrics === true ? app.measures.expose : undefined,
    })
    const sockets = openSocket({
      server: http.server,
      dispatch,
      operations,
      ...app.doors,
      settings,
      clock: systemClock,
      log: logOf(log, 'socket'),
    })
    const url = await http.listen()
    port = Number(new URL(url).port)
    app.measures.start()
    const wyoming = await openWyomingFor(app, settings)
    const control = await openControl({
      path: controlPath(settings.data_dir),
      kernel,
      handlers: commandsOf(app, settings, seal),
    })
    await app.begin()
    const close = async (): Promise<void> => {
      dispatch.close()
      await control.close()
      await wyoming?.close()
      await sockets.close()
      await http.close(GRACE_MS)
      await app.close(GRACE_MS)
    }
    return { url, app, close }
  } catch (error) {
    await app.close(0)
    throw error
  }
}

/** Other programs on this machine may use its speech, when a port is set for that; they are heard as the owner is. */
async function openWyomingFor({ auth, speech, language, kernel }: App, { wyoming_port: port }: Settings) {
  if (port === undefined) return undefined
  const service = speech.service((spoken) => language.hints(auth.owners()[0] ?? '', spoken))
  return openWyoming({ service, kernel, port, version: VERSION })
}

/** What the administrator of the machine may command. */
function commandsOf({ auth, backup }: App, settings: Settings, seal: () => void): ControlOptions['handlers'] {
  return {
    'rotate-signing': (_input, audit) => auth.rotateSigning(audit),
    'new-setup-code': () => Promise.resolve({ setup_code: auth.newSetupCode() }),
    'add-user': async (input, audit) => {
      const { email, password } = texts(input, ['email', 'password'])
      return { user: await auth.addUser(email, password, audit) }
    },
    'recover-user': (input, audit) => auth.recover(texts(input, ['email']).email, audit),
    backup: () => backup.make('asked'),
    seal: () => sealed(settings, seal),
  }
}

/** What a command is given. @throws Fault `VALIDATION_ERROR` for what is no text. */
function texts<K extends string>(input: unknown, names: readonly K[]): Record<K, string> {
  const given = (input ?? {}) as Record<string, unknown>
  for (const name of names)
    if (typeof given[name] !== 'string') throw new Fault('VALIDATION_ERROR', `/${name} must be text.`)
  return given as Record<K, string>
}

/** The page for people, until the console takes its place. */
function accountPage(auth: Pick<Auth, 'setup_code'>): Files {
  const client = import.meta.resolve('socket.io-client/dist/socket.io.js')
  return openPage({
    folder: fileURLToPath(new URL('../page', import.meta.url)),
    packages: { 'socket-client.js': fileURLToPath(new URL('socket.io.esm.min.js', client)) },
    isUnclaimed: () => auth.setup_code() !== undefined,
  })
}

/** @throws Fault when the server would open itself again at once. */
function sealed(settings: Settings, seal: () => void): Promise<{ sealed: true }> {
  if (kindOf(settings) !== 'passphrase')
    throw new Fault(
      'VALIDATION_ERROR',
      'No passphrase seals the root key: set one first: paios key passphrase',
    )
  // After the answer: its own connection is one that the server waits for.
  setImmediate(seal)
  return Promise.resolve({ sealed: true })
}

function stopSignal(): AbortSignal {
  const stopping = new AbortController()
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => stopping.abort())
  return stopping.signal
}

async function aborted(signal: AbortSignal): Promise<void> {
  // Nothing else may hold the process: timers and workers are let go of.
  const hold = setInterval(() => {}, 2 ** 30)
  const { promise, resolve } = Promise.withResolvers<undefined>()
  signal.addEventListener('abort', () => resolve(undefined))
  if (signal.aborted) resolve(undefined)
  await promise
  clearInterval(hold)
}

/** Milliseconds that a connection to the own listener takes. */
function roundTrip(host: string, port: number): Promise<number> {
  return new Promise((resolve) => {
    const started = systemClock.elapsed()
    const socket = connect({ host, port }, () => {
      socket.destroy()
      resolve(Math.round((systemClock.elapsed() - started) * 1000) / 1000)
    })
    socket.setTimeout(1_000, () => socket.destroy())
    socket.on('error', () => resolve(1_000))
  })
}
