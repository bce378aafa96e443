import { account } from './account.ts'
import type { Account } from './account.ts'
import { claim } from './claim.ts'
import { openClient } from './client.ts'
import { prompts } from './dialog.ts'
import { el, mark } from './dom.ts'
import { action, failures } from './form.ts'
import { openLive } from './live.ts'
import type { Live } from './live.ts'
import { Session } from './session.ts'
import { signIn } from './sign-in.ts'
import type { Entrance } from './sign-in.ts'
import { keepTimes } from './time.ts'

/** The address that the machine of the server prints leads here, with the code where no server ever sees it. */
const SETUP = /^#setup(?:=(?<code>[\w-]+))?$/
const ENDED = 'Your session has ended. Sign in again.'

const root = document.querySelector('#root') ?? document.body
const session = new Session({
  renewed: (token) => live?.renew(token),
  ended: () => {
    leave()
    showSignIn(ENDED)
  },
})
const client = openClient(session, prompts)
let live: Live | undefined
let shown: Account | undefined

function show(view: HTMLElement): void {
  const isFirst = root.hasAttribute('aria-busy')
  root.removeAttribute('aria-busy')
  root.replaceChildren(view)
  scrollTo(0, 0)
  // What had the focus is gone; whoever hears the page is told where they are now.
  const heading = view.querySelector('h1')
  heading?.setAttribute('tabindex', '-1')
  if (!isFirst) heading?.focus()
}

/** The frame of everything that is shown to strangers. */
function entrance(content: HTMLElement): HTMLElement {
  return el(
    'div',
    { class: 'stranger' },
    el('header', {}, mark()),
    el('main', {}, content),
    el('footer', {}, el('a', { href: '/docs' }, 'API documentation')),
  )
}

function showSignIn(notice?: string): void {
  show(entrance(signIn({ client, notice, entered, claim: () => showClaim() })))
}

function showClaim(code?: string): void {
  show(entrance(claim({ client, code, entered, signIn: () => showSignIn() })))
}

function entered(by: Entrance): void {
  void enter(by)
}

/** What goes wrong before there is anything else to see. */
function showFailure(error: unknown, again: () => Promise<void>): void {
  const failed = failures()
  failed.show(error)
  const retry = action({ label: 'Try again', kind: 'main' }, failed, again)
  show(entrance(el('div', { class: 'entrance' }, el('h1', {}, 'PAIOS'), failed.element, retry)))
}

async function enter(by?: Entrance): Promise<void> {
  try {
    const user = await client.ask('auth.me', {})
    const left = () => {
      leave()
      showSignIn('You are signed out.')
    }
    shown = account({ client, user, by, left })
    show(shown.element)
    await shown.refresh()
    await listen(shown)
  } catch (error) {
    if (session.last !== undefined) showFailure(error, () => enter(by))
  }
}

/** The page works without; then nothing comes by itself. */
async function listen(page: Account): Promise<void> {
  try {
    const opened = await openLive(session, page)
    if (page === shown) live = opened
    else opened.close()
  } catch {
    page.connected(false)
  }
}

function leave(): void {
  live?.close()
  live = undefined
  shown = undefined
  for (const dialog of document.querySelectorAll('dialog')) dialog.close()
}

async function start(): Promise<void> {
  const setup = SETUP.exec(location.hash)
  if (setup !== null) history.replaceState(null, '', location.pathname)
  if (setup !== null || 'unclaimed' in document.documentElement.dataset) {
    showClaim(setup?.groups?.['code'])
    return
  }
  try {
    await ((await session.resume()) ? enter() : Promise.resolve(showSignIn()))
  } catch (error) {
    showFailure(error, start)
  }
}

keepTimes()
void start()
