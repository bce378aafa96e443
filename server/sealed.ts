import { systemClock } from './kernel/clock.ts'
import { openKeys, openRootKey } from './kernel/crypto.ts'
import type { Keys } from './kernel/crypto.ts'
import { Fault } from './kernel/fault.ts'
import { makeFolder } from './kernel/folder.ts'
import { openIds, systemRandom } from './kernel/ids.ts'
import { isFirstStart } from './kernel/kernel.ts'
import type { Log } from './kernel/log.ts'
import { KeyFileError, PassphraseError, SealedError, readRing } from './kernel/ring.ts'
import type { Settings } from './kernel/settings.ts'
import { controlPath, openControl } from './transports/control.ts'
import type { ControlOptions } from './transports/control.ts'
import { openSealed } from './transports/http/sealed.ts'

const id = openIds(() => systemClock.now(), systemRandom)

/** What is told of a server that waits for its passphrase. */
interface Waiting {
  log: Log
  /** It listens, and answers everyone that it is sealed. */
  told(url: string): void
  /** The server is to stop. */
  stop: AbortSignal
}

/**
 * Opens the root key. One that a passphrase seals is waited for: the server answers that it is sealed, and takes the
 * passphrase through the control socket, which only its own user can open. Answers nothing when it is to stop instead.
 *
 * @throws KeyFileError for every other reason that the key does not open.
 */
export async function openRootKeyOrWait(settings: Settings, waiting: Waiting): Promise<Keys | undefined> {
  try {
    return openRootKey(settings, systemRandom, isFirstStart(settings))
  } catch (error) {
    if (!(error instanceof SealedError)) throw error
    return waitForPassphrase(settings, waiting)
  }
}

async function waitForPassphrase(
  settings: Settings,
  { log, told, stop }: Waiting,
): Promise<Keys | undefined> {
  const { promise, resolve } = Promise.withResolvers<Keys | undefined>()
  makeFolder(settings.data_dir)
  const listener = await openSealed(settings, { now: systemClock.now, id })
  const control = await openControl({
    path: controlPath(settings.data_dir),
    kernel: unaudited(log),
    handlers: {
      unseal: (input) => {
        resolve(openKeys(unsealed(settings, input), systemRandom))
        return Promise.resolve({ sealed: false })
      },
    },
  }).catch(async (error: unknown) => {
    await listener.close()
    throw error
  })
  told(listener.url)
  const stopped = (): void => resolve(undefined)
  stop.addEventListener('abort', stopped)
  if (stop.aborted) stopped()
  try {
    return await promise
  } finally {
    stop.removeEventListener('abort', stopped)
    await control.close()
    await listener.close()
  }
}

/** @throws Fault `VALIDATION_ERROR` for what is no passphrase, `UNAUTHORIZED` for another one. */
function unsealed(settings: Settings, input: unknown) {
  const { passphrase } = (input ?? {}) as { passphrase?: unknown }
  if (typeof passphrase !== 'string') throw new Fault('VALIDATION_ERROR', '/passphrase must be text.')
  try {
    const ring = readRing({ ...settings, passphrase })
    if (ring !== undefined) return ring
    throw new KeyFileError(`The key file ${settings.key_file} is gone.`)
  } catch (error) {
    if (!(error instanceof KeyFileError)) throw error
    const kind = error instanceof PassphraseError ? 'UNAUTHORIZED' : 'SERVICE_UNAVAILABLE'
    throw new Fault(kind, error.message, undefined, { cause: error })
  }
}

/** Without the key there is no chain that a line could stand in; the log tells of it. */
function unaudited(log: Log): ControlOptions['kernel'] {
  return {
    clock: systemClock,
    id,
    log,
    audit: {
      admit: () => {},
      flush: () => Promise.resolve(),
      note: ({ operation, outcome }) => log.info('a sealed server was asked', { operation, outcome }),
      write: () => {},
    },
    store: { settled: () => Promise.resolve() },
  }
}
