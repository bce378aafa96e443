import { openTestApp } from '../test/app.ts'

/** The operations that a real app has no answer for. */
export async function findNotBuilt(names: readonly string[]): Promise<string[]> {
  const opened = await openTestApp()
  const answered = new Set(Object.keys(opened.app.answers))
  await opened.remove()
  return names.filter((name) => !answered.has(name))
}
