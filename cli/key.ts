import { command } from './control.ts'
import type { Context } from './context.ts'
import type { Answer } from './exit.ts'
import { oneLine } from './print.ts'

/** Makes another key the one that signs access tokens. */
export async function rotateSigning({ io }: Context): Promise<Answer> {
  const { kid } = await command(io.environment, 'rotate-signing', {})
  const text = `Key ${oneLine(kid)} signs from now on. Those who are signed in stay so.`
  return { data: { kid }, text }
}
