import type { IncomingMessage } from 'node:http'
import type { Settings } from '../../kernel/settings.ts'
import { DATA_HEADERS } from './response.ts'
import type { Response } from './response.ts'

export const METRICS_PATH = '/metrics'

/** Figures of the server, for programs that collect them. */
export interface Metrics {
  /** Whether a request comes from a program on this machine, which needs no token. */
  isNear(request: Pick<IncomingMessage, 'headers' | 'socket'>): boolean
  read(): Response
}

const LOOPBACK = /^(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$|^::1$/
/** What proxies add, and browsers: neither is a program beside the server. */
const FOREIGN = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'origin',
  'referer',
  'sec-fetch-mode',
  'sec-fetch-site',
]

/**
 * Behind a proxy everybody comes from this machine, so then nobody does without a token; nor does what a proxy or a
 * browser has sent, whatever the settings say. A token that is there is always looked at.
 *
 * @param expose - the figures in the text format 0.0.4 of Prometheus.
 */
export function openMetrics(settings: Pick<Settings, 'behind_proxy'>, expose: () => string): Metrics {
  return {
    isNear: ({ headers, socket }) =>
      !settings.behind_proxy &&
      headers.authorization === undefined &&
      LOOPBACK.test(socket.remoteAddress ?? '') &&
      FOREIGN.every((name) => headers[name] === undefined),
    read: () => ({
      status: 200,
      headers: { ...DATA_HEADERS, 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' },
      body: expose(),
    }),
  }
}
