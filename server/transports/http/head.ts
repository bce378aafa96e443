import type { IncomingMessage } from 'node:http'
import { API_VERSION, VERSION_HEADER, VERSION_MEDIA_TYPE } from '../../../contract/limits.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Head } from '../dispatch.ts'
import { checkQuery } from './gate.ts'
import type { Gate } from './gate.ts'

const USER_AGENT_MAX = 256
const BEARER = /^bearer +([\w.~+/-]+=*)$/i

/** What a request tells before its body is read. */
export interface RequestHead extends Pick<
  Head,
  'token' | 'ip' | 'user_agent' | 'origin' | 'request_id' | 'traceparent'
> {
  /** Why it goes no further, whoever asks. */
  fault: Fault | undefined
}

/** @param token - the one in the path, where that says whose call it is: then no other is looked at. */
export function readHead(request: IncomingMessage, gate: Gate, token?: string): RequestHead {
  const { headers, url = '' } = request
  const known = {
    ip: gate.ip(request),
    origin: gate.origin(request),
    user_agent: (headers['user-agent'] ?? '').slice(0, USER_AGENT_MAX),
    request_id: headers['x-request-id'] as string | undefined,
    traceparent: headers['traceparent'] as string | undefined,
  }
  const fault = gate.check(request, isApi(url)) ?? checkQuery(url)
  if (fault !== undefined) return { ...known, token: undefined, fault }
  return { ...known, ...(token === undefined ? readToken(request) : { token, fault: undefined }) }
}

/** Whether an address is below `/api`, where everything is JSON and nothing is kept by browsers. */
export function isApi(url: string): boolean {
  return /^\/api(?:[/?#]|$)/.test(url)
}

function readToken({ headersDistinct }: IncomingMessage): Pick<RequestHead, 'token' | 'fault'> {
  const sent = headersDistinct['authorization']
  if (sent === undefined) return { token: undefined, fault: undefined }
  const token = sent.length === 1 ? BEARER.exec(sent[0] ?? '')?.[1] : undefined
  if (token !== undefined) return { token, fault: undefined }
  return { token, fault: new Fault('UNAUTHORIZED', 'Authorization must be sent once, as "Bearer <token>".') }
}

/** Refuses a version of the API that there is not (decision 33). */
export function checkVersion({ headers }: IncomingMessage): Fault | undefined {
  const asked = headers[VERSION_HEADER.toLowerCase()]
  if (asked !== undefined && asked !== API_VERSION) {
    return new Fault('VALIDATION_ERROR', `There is no such version; this is ${API_VERSION}.`, {
      versions: [API_VERSION],
    })
  }
  const types = (headers.accept ?? '*/*').split(',').map((range) => range.split(';')[0]?.trim().toLowerCase())
  const isOther = types.some(
    (type) => type?.startsWith('application/vnd.paios.') && type !== VERSION_MEDIA_TYPE,
  )
  const isFine = types.some((type) =>
    ['*/*', 'application/*', 'application/json', VERSION_MEDIA_TYPE].includes(type ?? ''),
  )
  if (!isOther || isFine) return undefined
  return new Fault(
    'VALIDATION_ERROR',
    `There is no such version; ask for ${VERSION_MEDIA_TYPE}.`,
    { versions: [API_VERSION] },
    { status: 406 },
  )
}
