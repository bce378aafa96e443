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

/** The same for what has to be an object with fields. */
export function storedFields<T extends object>(text: string): T | undefined {
  const value = stored<unknown>(text)
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as T) : undefined
}
