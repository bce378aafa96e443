/** A place or zone that people name, with the zone's identifier for Temporal. */
export interface Zone {
  id: string
  name: string
}

/** The zone of the user, under the names that people give it. */
const HERE = new Set([
  'here',
  'local',
  'local time',
  'my time',
  'my time zone',
  'my timezone',
  'home',
  'our time',
])

/** Cities, countries and regions whose zone carries another city's name; those of IANA itself follow by rule. */
const PLACES: readonly (readonly [string, string])[] = [
  ['UTC', 'UTC, Zulu, Universal Time, Coordinated Universal Time'],
  [
    'Europe/London',
    'Britain, Great Britain, UK, England, Scotland, Wales, United Kingdom, Edinburgh, Glasgow, Cardiff',
  ],
  ['Europe/London', 'Manchester, Liverpool, Birmingham UK, Bristol, Leeds, Oxford, Cambridge, Belfast'],
  ['Europe/Dublin', 'Ireland, Cork, Galway'],
  ['Europe/Lisbon', 'Portugal, Porto'],
  [
    'Europe/Berlin',
    'Germany, Munich, Hamburg, Frankfurt, Cologne, Stuttgart, Düsseldorf, Dusseldorf, Leipzig, Dresden',
  ],
  ['Europe/Paris', 'France, Lyon, Marseille, Nice, Toulouse, Bordeaux, Strasbourg'],
  ['Europe/Madrid', 'Spain, Barcelona, Valencia, Seville, Malaga, Bilbao'],
  ['Europe/Rome', 'Italy, Milan, Naples, Turin, Florence, Venice, Bologna'],
  ['Europe/Zurich', 'Switzerland, Geneva, Basel, Bern, Zürich'],
  ['Europe/Vienna', 'Austria, Salzburg, Graz'],
  ['Europe/Amsterdam', 'Netherlands, Holland, Rotterdam, The Hague, Utrecht, Eindhoven'],
  ['Europe/Brussels', 'Belgium, Antwerp, Ghent'],
  ['Europe/Copenhagen', 'Denmark, Aarhus'],
  ['Europe/Stockholm', 'Sweden, Gothenburg, Malmö, Malmo'],
  ['Europe/Oslo', 'Norway, Bergen, Trondheim'],
  ['Europe/Helsinki', 'Finland, Tampere, Turku'],
  ['Europe/Warsaw', 'Poland, Krakow, Gdansk, Wroclaw'],
  ['Europe/Prague', 'Czech Republic, Czechia, Brno'],
  ['Europe/Budapest', 'Hungary'],
  ['Europe/Athens', 'Greece, Thessaloniki'],
  ['Europe/Bucharest', 'Romania, Cluj'],
  ['Europe/Kyiv', 'Ukraine, Kiev, Lviv, Odessa'],
  ['Europe/Moscow', 'St Petersburg, Saint Petersburg'],
  ['Europe/Istanbul', 'Turkey, Ankara, Izmir, Türkiye'],
  ['Atlantic/Reykjavik', 'Iceland'],
  [
    'America/New_York',
    'NYC, New York City, Boston, Washington, Washington DC, Philadelphia, Atlanta, Miami, Orlando',
  ],
  [
    'America/New_York',
    'Pittsburgh, Baltimore, Cleveland, Charlotte, Tampa, Florida, Massachusetts, Georgia US',
  ],
  ['America/New_York', 'US East Coast, East Coast'],
  [
    'America/Chicago',
    'Houston, Dallas, Austin, San Antonio, New Orleans, Minneapolis, St Louis, Kansas City, Nashville',
  ],
  ['America/Chicago', 'Milwaukee, Memphis, Texas, Illinois'],
  ['America/Denver', 'Salt Lake City, Albuquerque, Colorado Springs, Colorado, Utah'],
  ['America/Phoenix', 'Tucson, Arizona'],
  [
    'America/Los_Angeles',
    'LA, San Francisco, San Diego, San Jose, Seattle, Portland, Las Vegas, Sacramento, California',
  ],
  ['America/Los_Angeles', 'Silicon Valley, US West Coast, West Coast, Oakland'],
  ['America/Anchorage', 'Alaska'],
  ['Pacific/Honolulu', 'Hawaii'],
  ['America/Toronto', 'Ottawa, Montreal, Quebec, Ontario, Hamilton'],
  ['America/Edmonton', 'Calgary, Alberta'],
  ['America/Vancouver', 'British Columbia'],
  ['America/Halifax', 'Nova Scotia'],
  ['America/Mexico_City', 'Mexico, Guadalajara'],
  ['America/Sao_Paulo', 'Rio, Rio de Janeiro, São Paulo, Brasilia, Brazil'],
  ['America/Argentina/Buenos_Aires', 'Argentina'],
  ['America/Santiago', 'Chile'],
  ['America/Bogota', 'Colombia, Bogotá, Medellin'],
  ['America/Lima', 'Peru'],
  ['Africa/Johannesburg', 'South Africa, Cape Town, Durban, Pretoria'],
  ['Africa/Cairo', 'Egypt, Alexandria'],
  ['Africa/Lagos', 'Nigeria, Abuja'],
  ['Africa/Nairobi', 'Kenya, Mombasa'],
  ['Africa/Casablanca', 'Morocco, Marrakesh, Rabat'],
  ['Asia/Dubai', 'Abu Dhabi, UAE, Emirates'],
  ['Asia/Riyadh', 'Saudi Arabia, Jeddah'],
  ['Asia/Qatar', 'Doha'],
  ['Asia/Jerusalem', 'Israel, Tel Aviv'],
  ['Asia/Tehran', 'Iran'],
  ['Asia/Karachi', 'Pakistan, Lahore, Islamabad'],
  [
    'Asia/Kolkata',
    'India, Mumbai, Delhi, New Delhi, Bangalore, Bengaluru, Chennai, Hyderabad, Pune, Calcutta, Kolkata',
  ],
  ['Asia/Kathmandu', 'Nepal, Kathmandu'],
  ['Asia/Dhaka', 'Bangladesh'],
  ['Asia/Bangkok', 'Thailand'],
  ['Asia/Ho_Chi_Minh', 'Vietnam, Hanoi, Saigon, Ho Chi Minh City'],
  ['Asia/Jakarta', 'Java'],
  ['Asia/Makassar', 'Bali, Denpasar'],
  ['Asia/Singapore', 'Singapore'],
  ['Asia/Kuala_Lumpur', 'Malaysia'],
  ['Asia/Manila', 'Philippines'],
  ['Asia/Shanghai', 'China, Beijing, Shenzhen, Guangzhou, Chengdu'],
  ['Asia/Hong_Kong', 'Hong Kong'],
  ['Asia/Taipei', 'Taiwan'],
  ['Asia/Seoul', 'Korea, South Korea, Busan'],
  ['Asia/Tokyo', 'Japan, Osaka, Kyoto, Yokohama, Sapporo'],
  ['Australia/Sydney', 'Canberra, New South Wales'],
  ['Australia/Melbourne', 'Victoria'],
  ['Australia/Brisbane', 'Gold Coast, Queensland'],
  ['Australia/Perth', 'Western Australia'],
  ['Pacific/Auckland', 'New Zealand, Wellington, Christchurch'],
]

/**
 * Abbreviations. They stand for the zone that people mean by them, daylight saving included: whoever says "EST" in
 * July wants the time on the clocks of New York. IST is India's, CST and BST the American and the British one.
 */
const ABBREVIATIONS: readonly (readonly [string, string])[] = [
  ['UTC', 'gmt, utc, z'],
  ['America/New_York', 'est, edt, et, eastern'],
  ['America/Chicago', 'cst, cdt, ct, central'],
  ['America/Denver', 'mst, mdt, mt, mountain'],
  ['America/Los_Angeles', 'pst, pdt, pt, pacific'],
  ['America/Anchorage', 'akst, akdt'],
  ['Pacific/Honolulu', 'hst'],
  ['America/Halifax', 'ast, adt'],
  ['Europe/London', 'bst, uk time'],
  ['Europe/Lisbon', 'wet, west'],
  ['Europe/Berlin', 'cet, cest, central european'],
  ['Europe/Athens', 'eet, eest, eastern european'],
  ['Europe/Moscow', 'msk'],
  ['Asia/Kolkata', 'ist'],
  ['Asia/Singapore', 'sgt'],
  ['Asia/Hong_Kong', 'hkt'],
  ['Asia/Tokyo', 'jst'],
  ['Asia/Seoul', 'kst'],
  ['Australia/Sydney', 'aest, aedt'],
  ['Australia/Adelaide', 'acst, acdt'],
  ['Australia/Perth', 'awst'],
  ['Pacific/Auckland', 'nzst, nzdt'],
]

const ZONES = new Map<string, Zone>()

for (const id of Intl.supportedValuesOf('timeZone')) {
  ZONES.set(key(id), { id, name: cityOf(id) })
  if (id.includes('/')) ZONES.set(key(cityOf(id)), { id, name: cityOf(id) })
}
for (const [id, names] of PLACES) for (const name of names.split(', ')) ZONES.set(key(name), { id, name })
for (const [id, names] of ABBREVIATIONS)
  for (const name of names.split(', ')) ZONES.set(key(name), { id, name: abbreviation(name) })

/** Every name that is understood, in lower case. */
export const ZONE_NAMES: readonly string[] = [...ZONES.keys()]

function key(name: string): string {
  return name
    .toLowerCase()
    .replaceAll('.', '')
    .replaceAll(/[_\s]+/g, ' ')
    .trim()
}

function cityOf(id: string): string {
  return (id.split('/').at(-1) ?? id).replaceAll('_', ' ')
}

function abbreviation(name: string): string {
  return name.length <= 4 ? name.toUpperCase() : `${name.slice(0, 1).toUpperCase()}${name.slice(1)} time`
}

/**
 * The zone that these words name: a city, a country of one zone, an abbreviation, an IANA name, an offset such as
 * "UTC+2", or the user's own ("here").
 */
export function zoneOf(words: string, ownZone: string): Zone | undefined {
  if (words.length > 60) return undefined
  const name = key(words)
  if (HERE.has(name)) return { id: ownZone, name: 'your time zone' }
  const place = name
    .replace(/^(?:the|in) /, '')
    .replace(/(?:[' ]s)? (?:standard |daylight |summer )?time(?: ?zone)?$/, '')
  return ZONES.get(name) ?? ZONES.get(place) ?? offsetOf(place) ?? identified(words.trim())
}

/** Older and newer names of a zone, which the list of names leaves out: "America/Argentina/Buenos_Aires". */
function identified(id: string): Zone | undefined {
  if (!/^[a-z_]+(?:\/[a-z0-9_+-]+){1,2}$/i.test(id)) return undefined
  try {
    const zoned = Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(id)
    return { id: zoned.timeZoneId, name: cityOf(zoned.timeZoneId) }
  } catch {
    // Temporal refuses unknown zones by throwing; here that only means that no zone is meant.
    return undefined
  }
}

function offsetOf(name: string): Zone | undefined {
  const match = /^(?:utc|gmt)? ?([+-]) ?(\d{1,2})(?::?([03]0|[14]5))?$/.exec(name)
  if (match === null) return undefined
  const [, sign = '+', hours = '0', minutes = '00'] = match
  if (Number(hours) > 14) return undefined
  const offset = `${sign}${hours.padStart(2, '0')}:${minutes}`
  return { id: offset, name: `UTC${offset}` }
}
