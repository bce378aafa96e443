import { ApiFault } from '../sdk/fault.ts'
import type { Context } from './context.ts'
import type { Answer } from './exit.ts'

/** Signs out. Doing it twice is as good as once. */
export async function logout({ client, tokens }: Context): Promise<Answer> {
  if ((await tokens.load()) === undefined) return { data: {}, text: 'Nobody was signed in.' }
  try {
    await client.ask('auth.logout')
  } catch (error) {
    const hadEnded = error instanceof ApiFault && error.status === 401
    if (!hadEnded) throw error
  }
  return { data: {}, text: 'Signed out.' }
}
