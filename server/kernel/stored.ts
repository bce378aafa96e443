/**
 * What a row keeps as JSON, or `undefined` for what somebody has damaged: one row must keep nothing from being done that
 * is about others.
 */
export function stored<T>(text: string): T | undefined {
  try {
    return JSON.parse(text) as T
  } catch {
    return undefined
  }
}
