/** The picture for a meeting: the map as it is seen, its title, legend, date, and who to visit. Drawn here, sent nowhere. */

export interface Briefing {
  title: string;
  subtitle: string;
  /** The map, as pixels. */
  map: HTMLCanvasElement;
  legend: { title: string; classes: { colour: string; label: string }[]; note: string };
  /** Sentences below the legend. */
  findings: string[];
  top: { title: string; rows: { name: string; value: string }[] };
  foot: string;
  font: string;
}

/** An A4 sheet lying down, at 150 dots per inch. */
const WIDTH = 1754;
const HEIGHT = 1240;
const MARGIN = 56;
const MAP_WIDTH = 1080;
const TOP = 170;
const BOTTOM = HEIGHT - 76;

/** `text` broken to lines no wider than `width`: at spaces where there are any that may break, else anywhere, as Chinese is. */
export function lines(measure: (text: string) => number, text: string, width: number): string[] {
  const parts = text.match(/[^ \n\u3000-\u9fff\uff00-\uffef]+[ \n]*|[ \n]+|./gu) ?? [];
  const broken: string[] = [];
  let line = '';
  for (const part of parts) {
    if (line !== '' && measure((line + part).trimEnd()) > width) {
      broken.push(line.trimEnd());
      line = part.trimStart();
    } else {
      line += part;
    }
  }
  return line.trim() === '' ? broken : [...broken, line.trimEnd()];
}

/** The largest part of a picture, from its middle, that has the shape of the room for it. */
function covering(map: HTMLCanvasElement, width: number, height: number): [x: number, y: number, width: number, height: number] {
  const scale = Math.min(map.width / width, map.height / height);
  const [w, h] = [width * scale, height * scale];
  return [(map.width - w) / 2, (map.height - h) / 2, w, h];
}

export function drawBriefing(briefing: Briefing): Promise<Blob> {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [WIDTH, HEIGHT];
  const c = canvas.getContext('2d');
  if (c === null) return Promise.reject(new Error('no canvas'));
  const write = (text: string, x: number, y: number, size: number, weight = 400, colour = '#1c2729') => {
    c.font = `${weight} ${size}px ${briefing.font}`;
    c.fillStyle = colour;
    c.fillText(text, x, y);
  };
  const paragraph = (text: string, x: number, y: number, width: number, size: number, colour = '#465356'): number => {
    c.font = `400 ${size}px ${briefing.font}`;
    const all = lines((part) => c.measureText(part).width, text, width);
    all.forEach((line, i) => write(line, x, y + i * size * 1.45, size, 400, colour));
    return y + all.length * size * 1.45;
  };

  c.fillStyle = '#ffffff';
  c.fillRect(0, 0, WIDTH, HEIGHT);
  c.textBaseline = 'top';
  write(briefing.title, MARGIN, 44, 44, 700);
  paragraph(briefing.subtitle, MARGIN, 110, WIDTH - 2 * MARGIN, 24);

  const mapHeight = BOTTOM - TOP;
  c.drawImage(briefing.map, ...covering(briefing.map, MAP_WIDTH, mapHeight), MARGIN, TOP, MAP_WIDTH, mapHeight);
  c.strokeStyle = '#c9c2b0';
  c.lineWidth = 2;
  c.strokeRect(MARGIN, TOP, MAP_WIDTH, mapHeight);

  const x = MARGIN + MAP_WIDTH + 36;
  const width = WIDTH - MARGIN - x;
  let y = TOP;
  write(briefing.legend.title, x, y, 25, 650);
  y += 40;
  for (const { colour, label } of briefing.legend.classes) {
    c.fillStyle = colour;
    c.fillRect(x, y, 46, 26);
    write(label, x + 60, y + 2, 21);
    y += 28;
  }
  y = paragraph(briefing.legend.note, x, y + 12, width, 19) + 10;
  for (const finding of briefing.findings) y = paragraph(finding, x, y, width, 21, '#1c2729') + 4;
  y += 14;
  write(briefing.top.title, x, y, 25, 650);
  y += 42;
  briefing.top.rows.forEach(({ name, value }, i) => {
    if (y > BOTTOM - 34) return;
    write(`${i + 1}`, x, y, 21, 650, '#0d4f56');
    c.font = `400 21px ${briefing.font}`;
    const room = width - 40 - c.measureText(value).width - 16;
    const [first = ''] = lines((part) => c.measureText(part).width, name, room);
    write(first === name ? name : `${first.slice(0, -1)}…`, x + 40, y, 21);
    c.textAlign = 'right';
    write(value, x + width, y, 21, 600);
    c.textAlign = 'left';
    y += 36;
  });
  paragraph(briefing.foot, MARGIN, BOTTOM + 18, WIDTH - 2 * MARGIN, 18, '#5c686a');
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob === null ? reject(new Error('no picture')) : resolve(blob)), 'image/png');
  });
}
