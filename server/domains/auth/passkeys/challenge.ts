import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Kernel } from '../../../kernel/kernel.ts'
import { canonical } from '../../../kernel/canonical.ts'

/** How long a challenge can be answered (decision 9). */
export const CHALLENGE_MS = 120_000

const NONCE_BYTES = 16
const TIME_BYTES = 6
const DIGEST_BYTES = 32
const HEAD_BYTES = NONCE_BYTES + TIME_BYTES + DIGEST_BYTES
const BYTES = HEAD_BYTES + 32

/** What a challenge is good for, and for nothing else. */
export interface Binding {
  /** A `ticket` stands for an answered challenge of an operation. */
  purpose: 'setup' | 'login' | 'operation' | 'ticket'
  /** Empty for sign-in, where nobody is known yet. */
  user_id: string
  session_id: string
  /** Name, method and path of the operation; empty when there is none. */
  operation: string
  origin: string
}

/** A challenge of this server for the binding that it was opened with. */
export interface Opened {
  /** Used once; remembered until `expires_at` (epoch ms). */
  nonce: string
  expires_at: number
  /** Of the input that it was made for. */
  digest: Buffer
}

/**
 * Challenges that the server need not remember: a nonce, the time at which they end, the digest of the input, and an
 * HMAC over these and the binding.
 */
export interface Challenges {
  issue(binding: Binding, input: unknown): { challenge: string; expires_at: number }
  /** Nothing for a challenge that this server did not make for this binding, or whose time is over. */
  open(challenge: string, binding: Binding): Opened | undefined
  /** Whether a challenge was made for this input. */
  covers(opened: Opened, input: unknown): boolean
  /** Whether this server made a challenge for a binding and, where it is told, an input; whenever that was. */
  made(challenge: string, binding: Binding, input?: unknown): boolean
  /**
   * Ends all that were issued so far: which of them were used is not known after a restore. Answers until when, in epoch
   * ms, the next start must know of it.
   */
  endAll(): number
}

type Parts = Pick<Kernel, 'keys' | 'clock' | 'random'>

/** @param issued_after - epoch ms: what was issued before is over. */
export function openChallenges({ keys, clock, random }: Parts, issued_after = 0): Challenges {
  const key = keys.derive('challenge')
  let ended_before = issued_after
  // Keyed, so that whoever sees a challenge cannot try out which secret was in the input.
  const digest = (input: unknown): Buffer => createHmac('sha256', key).update(canonical(input)).digest()
  const seal = (head: Buffer, { purpose, user_id, session_id, operation, origin }: Binding): Buffer =>
    createHmac('sha256', key)
      .update(JSON.stringify([purpose, user_id, session_id, operation, origin]))
      .update(head)
      .digest()
  return {
    issue(binding, input) {
      const expires_at = clock.now() + CHALLENGE_MS
      const time = Buffer.alloc(TIME_BYTES)
      time.writeUIntBE(expires_at, 0, TIME_BYTES)
      const head = Buffer.concat([random(NONCE_BYTES), time, digest(input)])
      return { challenge: Buffer.concat([head, seal(head, binding)]).toString('base64url'), expires_at }
    },
    open(challenge, binding) {
      const bytes = Buffer.from(challenge, 'base64url')
      if (bytes.length !== BYTES) return undefined
      const head = bytes.subarray(0, HEAD_BYTES)
      if (!timingSafeEqual(seal(head, binding), bytes.subarray(HEAD_BYTES))) return undefined
      const expires_at = head.readUIntBE(NONCE_BYTES, TIME_BYTES)
      // One that ends later than any could was made before the clock was set back.
      if (clock.now() >= expires_at || expires_at > clock.now() + CHALLENGE_MS) return undefined
      if (expires_at - CHALLENGE_MS < ended_before) return undefined
      return {
        nonce: head.subarray(0, NONCE_BYTES).toString('base64url'),
        expires_at,
        digest: head.subarray(NONCE_BYTES + TIME_BYTES),
      }
    },
    made: (challenge, binding, input) => {
      const bytes = Buffer.from(challenge, 'base64url')
      if (bytes.length !== BYTES) return false
      const head = bytes.subarray(0, HEAD_BYTES)
      if (!timingSafeEqual(seal(head, binding), bytes.subarray(HEAD_BYTES))) return false
      return input === undefined || timingSafeEqual(head.subarray(NONCE_BYTES + TIME_BYTES), digest(input))
    },
    covers: (opened, input) => timingSafeEqual(opened.digest, digest(input)),
    endAll: () => {
      ended_before = clock.now()
      return ended_before + CHALLENGE_MS
    },
  }
}
