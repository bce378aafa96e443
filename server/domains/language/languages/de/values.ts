import { dictionary, rule } from '../rewrite.ts'
import type { Rule } from '../rewrite.ts'

const NUMBER = '(-?\\d+(?:\\.\\d+)?)'

export const ARITHMETIC: readonly Rule[] = [
  rule('\\d+(?:\\.\\d+)?', '$0'),
  rule('[-+*/^()%!×÷√²³.]', '$0'),
  rule('plus|addiert mit|dazu', 'plus'),
  rule('und|&', '&'),
  rule('minus|weniger|abzuglich', 'minus'),
  rule('mal|x|multipliziert mit|malgenommen mit', 'times'),
  rule('(?:geteilt |dividiert )?durch', 'divided by'),
  rule('hoch', 'to the power of'),
  rule('(?:zum|im) quadrat|hoch 2', 'squared'),
  rule('(?:der |die )?(?:quadrat)?wurzel (?:aus|von)', 'square root of'),
  rule('(?:die )?(?:kubikwurzel|3th wurzel) (?:aus|von)', 'cube root of'),
  rule('prozent|%', 'percent'),
  rule(
    `${NUMBER} durch ${NUMBER} teilen|teile ${NUMBER} durch ${NUMBER}`,
    ([, a = '', c = '', d = '', e = '']) => `${a || d} divided by ${c || e}`,
  ),
  rule(`${NUMBER} (?:prozent|%) rabatt auf ${NUMBER}`, '$1 percent off $2'),
  rule(`${NUMBER} (?:prozent|%) (?:mehr|aufschlag) als ${NUMBER}`, '$1 percent more than $2'),
  rule(`${NUMBER} weniger ${NUMBER}`, '$1 minus $2'),

  rule('von|vom', 'of'),
  rule('(?:prozent|%) (?:mehrwertsteur |mwst |trinkgeld |rabatt )?(?:auf|von|aus)', 'percent of'),
  rule(
    `(?:prozent|%) (?:ist|sind|macht|machen|ergibt|ergeben) ${NUMBER} von ${NUMBER}`,
    '$1 is what percent of $2',
  ),
  rule('(?:die )?halfte (?:von|aus)|halb von', 'half of'),
  rule('(?:1|ein) drittel (?:von|aus)', 'one third of'),
  rule('2 drittel (?:von|aus)', 'two thirds of'),
  rule('(?:1|ein) viertel (?:von|aus)', 'a quarter of'),
  rule('(?:3 viertel|dreiviertel) (?:von|aus)', 'three quarters of'),
  rule('(?:die |das )?(?:summe) (?:von|aus|der zahlen)', 'sum of'),
  rule('(?:der |den )?(?:durchschnitt|mittelwert) (?:von|aus|der zahlen)', 'average of'),
  rule('(?:die )?differenz (?:von|zwischen)', 'difference between'),
  rule('das (?:doppelte|2fache) von', 'double'),
  rule('fakultat', '!'),
  rule('pi', 'pi'),
  rule('klammer auf', '('),
  rule('klammer zu', ')'),
  rule('ein(?:s|e)?', '1'),
  rule('(?:euro|dollar)', ''),
]
export const GATHERING = /summe|durchschnitt|mittelwert|differenz/u

const UNIT = dictionary(`
  km = kilometer|kilometern|km
  m = meter|metern|m
  cm = zentimeter|zentimetern|centimeter|cm
  mm = millimeter|millimetern|mm
  miles = meile|meilen
  nautical miles = seemeile|seemeilen
  feet = fuss
  inches = zoll
  yards = yard|yards
  kg = kilo|kilogramm|kilos|kg
  g = gramm|g
  mg = milligramm
  tonnes = tonne|tonnen
  pounds = pfund|britische pfund
  ounces = unze|unzen
  stone = stone
  litres = liter|litern|l
  ml = milliliter|ml
  cl = zentiliter
  cups = tasse|tassen
  teaspoons = teeloffel
  tablespoons = essloffel
  gallons = gallone|gallonen
  pints = pint|pints
  celsius = grad celsius|celsius|grad
  fahrenheit = grad fahrenheit|fahrenheit
  kelvin = kelvin
  seconds = sekunde|sekunden
  minutes = minute|minuten
  hours = stunde|stunden
  days = tag|tage|tagen
  weeks = woche|wochen
  months = monat|monate|monaten
  years = jahr|jahre|jahren
  km/h = kilometer pro stunde|stundenkilometer|km/h|km / h|kmh
  mph = meilen pro stunde
  m/s = meter pro sekunde
  square metres = quadratmeter|quadratmetern|qm
  square kilometres = quadratkilometer
  square feet = quadratfuss
  hectares = hektar
  acres = acre|acres|morgen
  cubic metres = kubikmeter
  bytes = byte|bytes
  kilobytes = kilobyte|kilobytes
  megabytes = megabyte|megabytes
  gigabytes = gigabyte|gigabytes
  terabytes = terabyte|terabytes
  kilowatt hours = kilowattstunde|kilowattstunden
  joules = joule
  horsepower = ps|pferdestarken
  binary = binar|dualzahl|binarzahl
  hexadecimal = hexadezimal|hex
  decimal = dezimal
  degrees = winkelgrad
  radians = bogenmass
  New York = new york
  Tokyo = tokio|tokyo
  London = london
  Paris = paris
  Berlin = berlin|deutschland
  Vienna = wien|osterreich
  Zurich = zurich|schweiz
  Munich = munchen
  Cologne = koln
  Moscow = moskau
  Beijing = peking
  Rome = rom
  Madrid = madrid|spanien
  Lisbon = lissabon
  Athens = athen
  Warsaw = warschau
  Prague = prag
  Brussels = brussel
  Copenhagen = kopenhagen
  Singapore = singapur
  Sydney = sydney
  Mexico City = mexiko stadt
`)

export const NAMES = {
  unit: UNIT,
  amount: dictionary('1 = ein|eine|einen|einem|einer'),
  priority: dictionary(`
    high = hoch|hohe|hoher|hohen|hochste|hochster|hochsten|dringend|wichtig
    normal = normal|normale|normaler|normalen|mittel|mittlere|mittlerer
    low = niedrig|niedrige|niedriger|niedrigen|gering|geringe|geringer|niedrigste|niedrigster
  `),
  aggregation: dictionary(`
    sum = summe|gesamtsumme|gesamt|gesamtbetrag
    average = durchschnitt|mittelwert|mittel|durchschnittswert
    median = median
    min = minimum|kleinste|kleinster|kleinsten|niedrigste|niedrigster|kleinsten wert|kleinste wert
    max = maximum|grosste|grosster|grossten|hochste|hochster|hochsten|grossten wert|grosste wert
    count = anzahl|zahl
  `),
  source: dictionary(`
    notes = notizen|meine notizen|meinen notizen
    reminders = erinnerungen|meine erinnerungen|meinen erinnerungen
    tasks = aufgaben|meine aufgaben|meinen aufgaben|aufgabenliste|meiner aufgabenliste
    calendar = termine|terminen|meine termine|meinen terminen|kalender|meinem kalender|mein kalender
  `),
  agent: dictionary(`
    concierge = concierge|portier|empfang
    notes = notizen|notizagent|notizenagent|gedachtnis|notizbuch
    reminders = erinnerungen|erinnerungsagent|kalender|kalenderagent
    tasks = aufgaben|aufgabenagent|listen|listenagent|todos
    data = daten|datenagent|rechner
    text = text|textagent|texte
    watcher = beobachter|uberwacher|watcher
    fetcher = fetcher|abrufer|holer
    guardian = guardian|wachter|sicherheit|sicherheitsagent
  `),
}

const LISTS = dictionary(`
  shopping = einkaufsliste|einkaufszettel|einkaufslisten|einkauf|einkaufs liste|liste fur den einkauf|liste zum einkaufen
  to do = to do liste|todo liste|todoliste|to do list|todo list|aufgabenliste|aufgaben liste|aufgaben|todos|to dos|erledigungsliste|to do
`)

/** "meine Packliste", "Liste für die Party", "Einkaufszettel". */
export function listNamed(text: string, line: string): string | undefined {
  const bare = line.replaceAll(/ ?- ?/gu, ' ').replace(/^(?:mein|unser|d)(?:e[nrms]?|er|ie|as)? /u, '')
  const known = LISTS.get(bare)
  if (known !== undefined) return known
  const words = text.trim().replace(/^(?:meine?[nrm]?|unsere?[nrm]?|die|der|den|dem)\s+/iu, '')
  if (words.split(/\s+/u).length > 4) return undefined
  const about =
    /^liste\s+(?:für|fuer|fur|von|namens|mit dem namen)\s+(?:die|den|das|der|dem)?\s*(.+)$/iu.exec(words)?.[1]
  if (about !== undefined) return about
  return /^[\p{L}\p{M}\p{N}' -]{1,40}(?:liste|zettel)$/iu.test(words) && !/^(?:liste|zettel)$/iu.test(words)
    ? words
    : undefined
}
