import { sign, verify } from 'node:crypto'
import { ACCESS_TOKEN_SECONDS } from '../../../contract/limits.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { SKEW_MS } from './signing.ts'
import type { Signing, SigningKey } from './signing.ts'

/** What an access token says (RFC 9068). Times in epoch seconds. */
export interface Claims {
  iss: string
  aud: string
  sub: string
  /** Id and version of the session. */
  sid: string
  sver: number
  jti: string
  iat: number
  exp: number
}

/** Access tokens: who they speak for, and until when. Knows nothing of sessions that ended. */
export interface AccessTokens {
  issue(session: { id: string; user_id: string; version: number }): string
  /** @throws Fault `TOKEN_EXPIRED`, or `UNAUTHORIZED` for anything that is not a token of this server. */
  verify(token: string): Claims
  /**
   * What a token of this server says, even if its time is over: enough to sign out with, and for nothing else.
   *
   * @throws Fault `UNAUTHORIZED` for anything else.
   */
  recognise(token: string): Claims
}

/** Verified tokens that are remembered: checking a signature costs a hundred times as much as finding one. */
const CACHE_MAX = 10_000
const TOKEN_CHARACTERS_MAX = 2_048
const TOKEN = /^([\w-]+)\.([\w-]+)\.([\w-]{86})$/

interface Verified {
  claims: Claims
  key: SigningKey
}

export function openTokens(kernel: Kernel, signing: Signing, cache_max = CACHE_MAX): AccessTokens {
  const { clock, settings } = kernel
  const iss = settings.public_url
  const aud = `${settings.public_url}/api`
  const cache = new Map<string, Verified>()
  const read = (token: string): Verified => {
    const known = cache.get(token)
    const verified = known ?? check(token, signing)
    if (verified === undefined || !signing.isBelieved(verified.key)) throw unauthorized()
    if (verified.claims.iss !== iss || verified.claims.aud !== aud) throw unauthorized()
    if (known === undefined) remember(token, verified)
    return verified
  }
  const remember = (token: string, verified: Verified): void => {
    const oldest = cache.keys().next()
    if (cache.size >= cache_max && oldest.done !== true) cache.delete(oldest.value)
    cache.set(token, verified)
  }
  return {
    issue({ id: sid, user_id: sub, version: sver }) {
      const key = signing.current()
      const iat = Math.floor(clock.now() / 1000)
      return encode(key, { iss, aud, sub, sid, sver, jti: kernel.id(), iat, exp: iat + ACCESS_TOKEN_SECONDS })
    },
    verify(token) {
      const { claims } = read(token)
      // A token from the future means that the clock was set back: how old it is can no longer be told.
      if (claims.exp * 1000 > clock.now() && claims.iat * 1000 <= clock.now() + SKEW_MS) return claims
      cache.delete(token)
      throw new Fault('TOKEN_EXPIRED', 'The access token has expired.')
    },
    recognise: (token) => read(token).claims,
  }
}

/** A refusal that does not say what is wrong with a token: whoever forges one learns nothing. */
export function unauthorized(): Fault {
  return new Fault('UNAUTHORIZED', 'The access token is missing or not valid.')
}

function encode(key: SigningKey, claims: Claims): string {
  const payload = `${key.header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`
  return `${payload}.${sign(null, Buffer.from(payload), key.private_key).toString('base64url')}`
}

/** The header is compared whole: no algorithm, key or address in it is ever read, so none can be believed. */
function check(token: string, signing: Signing): Verified | undefined {
  if (token.length > TOKEN_CHARACTERS_MAX) return undefined
  const [, header = '', payload = '', signature = ''] = TOKEN.exec(token) ?? []
  const key = signing.find(header)
  if (key === undefined) return undefined
  const signed = Buffer.from(`${header}.${payload}`)
  if (!verify(null, signed, key.public_key, Buffer.from(signature, 'base64url'))) return undefined
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims
  return isComplete(claims) ? { claims, key } : undefined
}

/** Whether the claims are such as this server signs; a token that lives longer than ours do is not one of them. */
function isComplete({ iss, aud, sub, sid, sver, jti, iat, exp }: Claims): boolean {
  const texts = [iss, aud, sub, sid, jti].every((claim) => typeof claim === 'string')
  return texts && [sver, iat, exp].every(Number.isSafeInteger) && exp - iat <= ACCESS_TOKEN_SECONDS
}
