import { toForm } from '../../kernel/unicode.ts'

/** Long passwords that stand high on every list of leaked ones; compared after `reduce`. */
const COMMON_TEXT = `
  passwordpassword password123456789 passwordpassword123 mypasswordismypassword thisismypassword thisisapassword
  thisisnotmypassword thisisasecurepassword thisisastrongpassword averysecurepassword verysecurepassword
  verystrongpassword mysecretpassword mysecurepassword mystrongpassword supersecretpassword supersecurepassword
  superstrongpassword topsecretpassword secretpassword123 securepassword123 strongpassword123 longpassword12345
  averylongpassword thisisalongpassword thisisaverylongpassword reallylongpassword newpassword12345
  defaultpassword adminpassword123 administrator123 administratorpassword adminadminadmin administratoradministrator
  rootpassword12345 rootrootrootroot testpassword12345 testtesttesttest temporarypassword temppassword12345
  userpassword12345 guestguestguest changemechangeme changemeplease123 changethispassword pleasechangeme123
  pleasechangethis enterpassword123 enteryourpassword typeyourpassword nopasswordneeded idontknowmypassword
  iforgotmypassword forgotmypassword forgottenpassword whatismypassword whatsmypassword guessmypassword
  cantguessmypassword youcantguessthis youwillneverguess letmeinletmein letmeinplease123 letmeinnowplease
  opensesameopensesame welcomewelcome123 welcometothejungle welcomehome12345 welcometomyworld
  iloveyouiloveyou iloveyouforever iloveyousomuch iloveyouverymuch iloveyoutothemoonandback iloveyoubaby123
  iloveyoumorethananything iloveyou123456789 iwillalwaysloveyou ilovemyfamily123 ilovemyhusband ilovemyboyfriend
  ilovemygirlfriend ilovemychildren ilovejesuschrist jesuschristislord jesuslovesyou123 jesusismysavior godisgood12345
  jesusislord12345 inthenameofgod1 ingodwetrust123 godblessamerica praisethelord123 hallelujah12345
  maytheforcebewithyou lukeiamyourfather tobeornottobe12 tobeornottobethatisthequestion
  thequickbrownfox123 thequickbrownfoxjumps thequickbrownfoxjumpsoverthelazydog loremipsumdolorsit
  loremipsumdolorsitamet onceuponatime123 twinkletwinklelittlestar happybirthdaytoyou merrychristmas123
  winteriscoming123 youshallnotpass gameofthrones123 harrypotter12345 starwarsstarwars supercalifragilistic
  supercalifragilisticexpialidocious manchesterunited liverpoolfootballclub realmadridclubdefutbol
  footballfootball basketballbasketball superman123456789 spidermanspiderman batmanbatmanbatman pokemonpokemon123
  dragondragondragon monkeymonkeymonkey princessprincess sunshinesunshine mothermothermother
  unbreakablepassword uncrackablepassword unhackablepassword trustno1trustno1 trustnobody12345
  neverguessthisone makeamericagreatagain hellohellohello helloworldhelloworld helloworld123456 goodmorning12345
  computercomputer internetinternet microsoftwindows googlegooglegoogle facebookfacebook samsungsamsung
`

/** Words that people pad to the length that is asked for. */
const PADDED = [
  'password',
  'passwort',
  'administrator',
  'admin',
  'welcome',
  'letmein',
  'iloveyou',
  'changeme',
  'login',
]

/** Rows, columns and zigzags of keyboards, the alphabet and the digits. */
const ROWS = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop[]',
  'qwertzuiopü',
  'azertyuiop',
  'asdfghjkl;',
  'qsdfghjklm',
  'zxcvbnm,./',
  'yxcvbnm,.-',
  '!@#$%^&*()_+',
  '!"§$%&/()=?',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  'qazwsxedcrfvtgbyhnujmikolp',
  '1q2w3e4r5t6y7u8i9o0p',
  'q1w2e3r4t5y6u7i8o9p0',
]
const RUNS = [...ROWS, ...ROWS.map((row) => Array.from(row).toReversed().join(''))]
/** Neighbours that count as a run: shorter ones stand in many words. */
const RUN_MIN = 4

const DISGUISES: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
}

const COMMON = new Set(COMMON_TEXT.trim().split(/\s+/).map(reduce))

/** Whether a password is one of the common ones, also in disguise or with digits and signs around it. */
export function isCommon(password: string): boolean {
  const bare = password.replaceAll(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
  return COMMON.has(reduce(password)) || COMMON.has(reduce(bare))
}

/** Longest piece whose repetition is seen as one: a repeated sentence is long enough by itself. */
const UNIT_MAX = 8

/** Whether an ASCII password is a short piece said again and again; the last one may be cut short. */
export function isRepetition(password: string): boolean {
  const text = fold(password)
  if (!isASCII(text)) return false
  for (let unit = 1; unit <= UNIT_MAX && unit * 2 <= text.length; unit += 1) {
    if (text.startsWith(text.slice(0, -unit), unit)) return true
  }
  return false
}

/** Distinct signs that must be left, so that it is more than an exclamation mark after a word. */
const LEFT_MIN = 4
/** Shorter words stand in too many others to be taken out. */
const WORD_MIN = 3

/** Whether next to nothing is left of a password without keyboard runs, padded words and these words of its owner. */
export function isPadding(password: string, words: readonly string[]): boolean {
  let text = undisguise(withoutRuns(fold(password)))
  for (const word of [...words.map((own) => undisguise(fold(own))), ...PADDED]) {
    if (word.length >= WORD_MIN) text = text.replaceAll(word, '')
  }
  return isASCII(text) && new Set(text.replaceAll(/[\s._-]/g, '')).size < LEFT_MIN
}

function fold(text: string): string {
  return toForm(text, 'NFKC').toLowerCase()
}

function undisguise(text: string): string {
  return text.replaceAll(/[013457@$!]/g, (sign) => DISGUISES[sign] ?? sign)
}

function reduce(text: string): string {
  return undisguise(fold(text)).replaceAll(/[^\p{L}\p{N}]/gu, '')
}

/** Guessing by pattern is about ASCII; what else a password holds makes it rarer than any of these rules can tell. */
function isASCII(text: string): boolean {
  return /^[\u0020-\u007e]*$/.test(text)
}

function withoutRuns(text: string): string {
  let rest = ''
  for (let at = 0; at < text.length;) {
    const length = Math.max(...RUNS.map((run) => runLength(text, at, run)))
    if (length < RUN_MIN) rest += text[at]
    at += length < RUN_MIN ? 1 : length
  }
  return rest
}

/** Characters from `at` on that follow each other in the run, 0 when fewer than a run has at least. */
function runLength(text: string, at: number, run: string): number {
  const start = run.indexOf(text.slice(at, at + RUN_MIN))
  if (start < 0 || at + RUN_MIN > text.length) return 0
  let length = RUN_MIN
  while (
    at + length < text.length &&
    start + length < run.length &&
    text[at + length] === run[start + length]
  ) {
    length += 1
  }
  return length
}
