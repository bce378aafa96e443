/** Every limit of what goes out; sizes in bytes, times in milliseconds. Tests and benches pass others. */
export interface Bounds {
  timeout_ms: number
  /** Of the whole exchange: waiting, redirects and further tries included. */
  timeout_ms_max: number
  probe_timeout_ms: number
  /** How long a raw connection may last: whoever forgets one must not hold it for ever. */
  connection_ms: number
  bytes: number
  bytes_max: number
  request_bytes_max: number
  redirects_max: number
  connections: number
  connections_per_host: number
  /** One user's exchanges must not take all connections from the others. */
  connections_per_user: number
  /** Exchanges that wait for a connection; one more is refused. */
  waiting: number
  tries: number
  /** Longest pause before the second try; it doubles with each further one. */
  backoff_ms: number
  /** Failures in a row after which a host is left alone. */
  failures: number
  /** How long it is left alone. */
  rest_ms: number
}

export const BOUNDS: Bounds = {
  timeout_ms: 20_000,
  timeout_ms_max: 60_000,
  probe_timeout_ms: 5_000,
  connection_ms: 180_000,
  bytes: 1_048_576,
  bytes_max: 10_485_760,
  request_bytes_max: 1_048_576,
  redirects_max: 5,
  connections: 64,
  connections_per_host: 8,
  connections_per_user: 32,
  waiting: 256,
  tries: 3,
  backoff_ms: 1_000,
  failures: 5,
  rest_ms: 30_000,
}

/** What is asked for, within 1 and the most that is allowed. Anything that is no number counts as nothing asked for. */
export function within(asked: number | undefined, otherwise: number, most: number): number {
  if (asked === undefined || Number.isNaN(asked)) return otherwise
  return Math.min(Math.max(Math.floor(asked), 1), most)
}
