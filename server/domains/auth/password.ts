import { argon2, timingSafeEqual } from 'node:crypto'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { isCommon, isPadding, isRepetition } from './blocklist.ts'
import { openGate } from './gate.ts'
import type { GateOptions } from './gate.ts'

/** Characters as the user counts them: Unicode code points after NFC (decision 4). */
const CHARACTERS_MIN = 15
const CHARACTERS_MAX = 256

/** OWASP's minimum for Argon2id, which is what two signing in at once may cost on a small machine. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 }
const SALT_BYTES = 16
const HASH_BYTES = 32
const HASH_PATTERN = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w-]+)\$([\w-]+)$/

/**
 * Says what is wrong with a password for an account, or `undefined` when nothing is.
 *
 * @see NIST SP 800-63B, section 3.1.1.2: length and a blocklist, no rules on which characters to mix.
 */
export function passwordIssue(password: string, email: string): string | undefined {
  const text = password.normalize('NFC')
  const characters = Array.from(text).length
  if (/[\p{Cc}\p{Cs}]/u.test(text)) return 'must not have control characters'
  if (characters < CHARACTERS_MIN) return `must have at least ${CHARACTERS_MIN} characters`
  if (characters > CHARACTERS_MAX) return `must have at most ${CHARACTERS_MAX} characters`
  if (isCommon(text)) return 'is one of those that are guessed first'
  if (isRepetition(text)) return 'must not be a short piece said again and again'
  if (isPadding(text, ownWords(email))) {
    return 'must be more than a common word, your e-mail address or a row of keys'
  }
  return undefined
}

function ownWords(email: string): string[] {
  const [local = '', domain = ''] = email.split('@')
  return [email, local, ...local.split(/[._+-]/), domain, domain.split('.')[0] ?? '', 'paios']
}

/** Hashes passwords, a few at a time. */
export interface Passwords {
  /**
   * A hash of a new password for storage.
   *
   * @throws Fault `VALIDATION_ERROR` when it is not good enough; `SYSTEM_OVERLOADED` when too many wait.
   */
  hash(password: string, email: string): Promise<string>
  /**
   * Whether the password belongs to the hash. Without a hash the answer is no, after the same work: how long it takes
   * must not tell whether there is such an account.
   *
   * @throws Fault `SYSTEM_OVERLOADED` when too many wait.
   */
  verify(password: string, hash: string | undefined): Promise<boolean>
}

export function openPasswords(
  { keys, random }: Pick<Kernel, 'keys' | 'random'>,
  limits: GateOptions,
): Passwords {
  const gate = openGate(limits)
  // The pepper comes from the root key: without it a stolen database gives nothing to guess against.
  const peppered = (password: string): string => keys.mac('password-pepper', password.normalize('NFC'))
  const work = (password: string, salt: Buffer, cost: typeof COST): Promise<Buffer> =>
    gate.run(() => derive(peppered(password), salt, cost))
  return {
    async hash(password, email) {
      const issue = passwordIssue(password, email)
      if (issue !== undefined) {
        const issues = [{ path: '/password', message: issue }]
        throw new Fault('VALIDATION_ERROR', `The password ${issue}.`, { issues })
      }
      const salt = Buffer.from(random(SALT_BYTES))
      return encode(salt, await work(password, salt, COST))
    },
    async verify(password, hash) {
      const { salt, cost, expected } = decode(
        hash ?? encode(Buffer.alloc(SALT_BYTES), Buffer.alloc(HASH_BYTES)),
      )
      const found = await work(password, salt, cost)
      return timingSafeEqual(found, expected) && hash !== undefined
    },
  }
}

function derive(message: string, nonce: Buffer, cost: typeof COST): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    argon2('argon2id', { message, nonce, tagLength: HASH_BYTES, ...cost }, (error, key) => {
      if (error === null) resolve(key)
      else reject(error)
    })
  })
}

/** The form that Argon2 tools share, so that a later cost can stand beside this one. */
function encode(salt: Buffer, hash: Buffer): string {
  const { memory, passes, parallelism } = COST
  const cost = `m=${memory},t=${passes},p=${parallelism}`
  return `$argon2id$v=19$${cost}$${salt.toString('base64url')}$${hash.toString('base64url')}`
}

function decode(text: string): { salt: Buffer; cost: typeof COST; expected: Buffer } {
  const [, memory, passes, parallelism, salt, hash] = HASH_PATTERN.exec(text) ?? []
  if (salt === undefined || hash === undefined) throw new Error('A stored password hash is damaged.')
  return {
    salt: Buffer.from(salt, 'base64url'),
    cost: { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) },
    expected: Buffer.from(hash, 'base64url'),
  }
}
