import { timingSafeEqual } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { digest } from '../../kernel/crypto.ts'
import { Fault } from '../../kernel/fault.ts'
import { writeDurably } from '../../kernel/files.ts'
import type { Kernel } from '../../kernel/kernel.ts'

/** Wrong tries after which a code is dead, and how long it lives otherwise (decision 1). */
const TRIES_MAX = 5
const LIFE_MS = 1_800_000

/** Crockford's base 32: nothing in it can be taken for something else. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** 140 bits, in groups that can be read out. */
const CODE_CHARACTERS = 28
const GROUP = /.{4}(?=.)/g

const ANOTHER = 'Run "paios setup --new-code" on the machine of the server for another one.'

/** The code that lets whoever runs the machine, and nobody else, create the first user. */
export interface SetupCode {
  /** The code, while it can be used. */
  current(): string | undefined
  /**
   * Replaces the code, dead or not.
   *
   * @throws Fault with status 404 once there is a user.
   */
  renew(): string
  /** @throws Fault unless this is the code: 404 once there is a user, 401 for a wrong code, 429 or 403 for a dead one. */
  check(given: string): void
  /** Ends setting up for ever. */
  close(): void
}

interface Code {
  text: string
  /** Typed by people: case, spaces and similar letters do not matter. */
  typed: boolean
  tries: number
  dies_at: number
}

/** Opens the setup of a server that has no users yet; one that has is `done`. */
export function openSetup(kernel: Pick<Kernel, 'settings' | 'clock' | 'random'>, done: boolean): SetupCode {
  const { settings, clock, random } = kernel
  const file = join(settings.data_dir, 'setup-code')
  let code: Code | undefined
  const put = (text: string, typed: boolean): string => {
    // Counted in monotonic time, so that setting the clock back does not wake a dead code.
    code = { text, typed, tries: 0, dies_at: clock.elapsed() + LIFE_MS }
    writeDurably(file, `${text}\n`)
    return text
  }
  const renew = (): string => put(makeCode(random(CODE_CHARACTERS)), true)
  const close = (): void => {
    code = undefined
    rmSync(file, { force: true })
  }
  if (done) close()
  else if (settings.setup_code === undefined) renew()
  else put(settings.setup_code, false)
  return {
    current: () => (code !== undefined && isAlive(code, clock.elapsed()) ? code.text : undefined),
    renew() {
      if (code === undefined) throw alreadySetUp()
      return renew()
    },
    check(given) {
      if (code === undefined) throw alreadySetUp()
      if (!isAlive(code, clock.elapsed())) throw dead(code)
      if (matches(code, given)) return
      code.tries += 1
      if (code.tries >= TRIES_MAX) rmSync(file, { force: true })
      throw new Fault('INVALID_CREDENTIALS', 'This is not the setup code.', {
        tries_left: TRIES_MAX - code.tries,
      })
    },
    close,
  }
}

/** A refusal that looks as if there had never been a way to set up. */
export function alreadySetUp(): Fault {
  return new Fault('VALIDATION_ERROR', 'This server is already set up.', undefined, { status: 404 })
}

function makeCode(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => ALPHABET[byte & 31]).join('')
  return text.replaceAll(GROUP, '$&-')
}

function isAlive({ tries, dies_at }: Code, now: number): boolean {
  return tries < TRIES_MAX && now < dies_at
}

function dead({ tries }: Code): Fault {
  if (tries >= TRIES_MAX)
    return new Fault('RATE_LIMIT_EXCEEDED', `The setup code is void after ${tries} wrong tries. ${ANOTHER}`)
  return new Fault('TOKEN_EXPIRED', `The setup code has expired. ${ANOTHER}`, undefined, { status: 403 })
}

function matches({ text, typed }: Code, given: string): boolean {
  const normal = typed ? readTyped : (code: string) => code
  return timingSafeEqual(Buffer.from(digest(normal(text))), Buffer.from(digest(normal(given.trim()))))
}

function readTyped(code: string): string {
  return code.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1')
}
