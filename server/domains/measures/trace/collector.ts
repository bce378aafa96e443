import type { Kernel } from '../../../kernel/kernel.ts'
import type { Egress } from '../../egress/index.ts'
import { openTracer } from './index.ts'
import type { Tracer } from './index.ts'

const TIMEOUT_MS = 10_000
/** Nobody's: the server itself sends. */
const SERVER = ''

/** Traces go to the collector that the operator names; without one there are none. */
export function openTracing(
  { settings, clock, random, log }: Pick<Kernel, 'settings' | 'clock' | 'random' | 'log'>,
  egress: Pick<Egress, 'request'>,
  version: string,
): Tracer | undefined {
  if (settings.otlp_endpoint === undefined) return undefined
  const { hostname, port, protocol, href } = new URL(`${settings.otlp_endpoint}/v1/traces`)
  const place = `${hostname}:${port === '' ? (protocol === 'http:' ? 80 : 443) : port}`
  const headers = { 'content-type': 'application/json' }
  let isFailing = false
  const send = async (body: string): Promise<void> => {
    const { status } = await egress.request(
      { url: href, method: 'POST', headers, body, timeout_ms: TIMEOUT_MS, redirects_max: 0 },
      { user_id: SERVER, signal: new AbortController().signal, place },
    )
    if (status >= 300) throw new Error(`The collector answered ${status}.`)
  }
  return openTracer({
    clock,
    random,
    version,
    send: async (body) => {
      try {
        await send(body)
        isFailing = false
      } catch (error) {
        // Once is enough to know, however long it lasts.
        if (!isFailing) log.warn('traces could not be sent', { error })
        isFailing = true
        throw error
      }
    },
  })
}
