import {
  chmodSync,
  closeSync,
  existsSync,
  fdatasync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { promisify } from "node:util";
import { crc32 } from "node:zlib";
import { StartupError } from "../contract/errors";

const heading = "cockpit-emulator journal 1\n";
/** Always the last line: a file that ends otherwise was cut, or its owner was killed in the middle of a line. */
const ending = Buffer.from(lineOf("[]"));

interface Contents {
  /** Whether the last owner was killed. */
  killed: boolean;
  /** Gets each commit, oldest first. */
  replay: (json: string) => void;
  /** Asked after the replay: the same in fewer commits, where that is worth a new file. */
  shorter: () => Iterable<string> | undefined;
}

/**
 * What was committed, one line each: a checksum and JSON. A line is with the operating system when `append` returns, so a kill of
 * the process loses nothing. The flush to the disk follows at once in the background, several lines sharing one, which
 * keeps hundreds of writes a second possible on a slow disk and leaves a power cut a window of milliseconds.
 */
export class Journal {
  /** Where the ending begins. */
  #length: number;
  #failure: string | undefined;
  #dirty = false;
  #flushing: Promise<void> | undefined;

  private constructor(
    private readonly path: string,
    private readonly file: number,
  ) {
    this.#length = fstatSync(file).size - ending.length;
  }

  static open(path: string, { killed, replay, shorter }: Contents): Journal {
    try {
      if (!existsSync(path)) {
        createJournalFile(path, []);
      }
      chmodSync(path, 0o600);
      readCommits(path, killed, replay);
      replaceBy(path, shorter());
      return new Journal(path, openSync(path, "r+"));
    } catch (error) {
      if (error instanceof StartupError) {
        throw error;
      }
      throw new StartupError(`The data file ${path} can't be used: ${writeProblem(error)}.`);
    }
  }

  /** @throws Error with a sentence for people when it can't be written; from then on nothing is. */
  append(json: string): void {
    if (this.#failure !== undefined) {
      throw new Error(this.#failure);
    }
    const line = Buffer.from(lineOf(json));
    try {
      writeAt(this.file, Buffer.concat([line, ending]), this.#length);
    } catch (error) {
      this.#fail(error);
      throw new Error(this.#failure, { cause: error });
    }
    this.#length += line.length;
    this.#dirty = true;
    this.#flushing ??= this.#flush();
  }

  async close(): Promise<void> {
    await this.#flushing;
    closeSync(this.file);
  }

  async #flush(): Promise<void> {
    try {
      while (this.#dirty) {
        this.#dirty = false;
        await promisify(fdatasync)(this.file);
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#flushing = undefined;
    }
  }

  /** The file ends again with what was acknowledged: that takes no room, for the ending stood there before. */
  #fail(error: unknown): void {
    this.#failure = `The emulator can't write its data file ${this.path}: ${writeProblem(error)}. Everything acknowledged so far is kept, and nothing more is written. Make room, then start the emulator again.`;
    try {
      writeAt(this.file, ending, this.#length);
      ftruncateSync(this.file, this.#length + ending.length);
    } catch {
      // Its checksum tells.
    }
  }
}

function lineOf(json: string): string {
  return `${crc32(json).toString(16).padStart(8, "0")} ${json}\n`;
}

function writeAt(file: number, bytes: Buffer, position: number): void {
  for (let written = 0; written < bytes.length;) {
    written += writeSync(file, bytes, written, bytes.length - written, position + written);
  }
}

/** Whole or not at all: written aside first. */
function createJournalFile(path: string, commits: Iterable<string>): void {
  const aside = `${path}.new`;
  const file = openSync(aside, "w", 0o600);
  try {
    let length = 0;
    const write = (bytes: Buffer) => {
      writeAt(file, bytes, length);
      length += bytes.length;
    };
    write(Buffer.from(heading));
    for (const json of commits) {
      write(Buffer.from(lineOf(json)));
    }
    write(ending);
    fsyncSync(file);
    renameSync(aside, path);
  } finally {
    closeSync(file);
    rmSync(aside, { force: true });
  }
}

/** Where there is no room for the shorter file, the longer one still holds everything. */
function replaceBy(path: string, commits: Iterable<string> | undefined): void {
  if (commits === undefined) {
    return;
  }
  try {
    createJournalFile(path, commits);
  } catch {
    return;
  }
}

function readCommits(path: string, killed: boolean, replay: (json: string) => void): void {
  const bytes = readFileSync(path);
  if (!bytes.subarray(0, heading.length).equals(Buffer.from(heading))) {
    throw damaged(path, bytes.length === 0 ? "it is empty" : "it doesn't begin as one of the emulator's");
  }
  let at = heading.length;
  for (let line = 2; ; line++) {
    const end = bytes.indexOf(10, at);
    if (end === -1) {
      break;
    }
    const json = bytes.toString("utf8", at + 9, end);
    if (bytes.toString("latin1", at, at + 9) !== lineOf(json).slice(0, 9)) {
      throw damaged(path, `line ${line} is not as it was written`);
    }
    replay(json);
    at = end + 1;
  }
  if (bytes.subarray(-ending.length).equals(ending)) {
    return;
  }
  if (!killed) {
    throw damaged(path, "its end is missing");
  }
  // Killed while it wrote, so nobody was told that this line is kept.
  const file = openSync(path, "r+");
  try {
    ftruncateSync(file, at);
    writeAt(file, ending, at);
  } finally {
    closeSync(file);
  }
}

function writeProblem(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === "ENOSPC" ? "no space is left on the disk" : message;
}

const damaged = (path: string, how: string) =>
  new StartupError(
    `The data file ${path} is damaged: ${how}. Put back a copy of it, or choose another folder with --data to start again.`,
  );
