// `node scripts/commands-page.mjs`: writes docs/commands.md from the help texts of the command, which must be built.
// A test keeps page and help in step.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/**
 * What the page needs of a command; commander has it all.
 * @typedef {object} Command
 * @property {() => string} name
 * @property {() => string} description
 * @property {readonly Command[]} commands
 * @property {(configuration: { helpWidth: number }) => unknown} configureHelp
 * @property {(configuration: { writeOut: (text: string) => void, getOutHasColors: () => boolean }) => unknown} configureOutput
 * @property {() => void} outputHelp
 */

/** Every command that does something, with its help as the terminal shows it. */
export function formatCommandsPage(/** @type {Command} */ program) {
  const commands = leavesOf(program, []);
  const rows = commands.map(({ name, command }) => `| [\`${name}\`](#${anchorOf(name)}) | ${command.description()} |`);
  const sections = commands.map(({ name, command }) => `## ${name}\n\n\`\`\`text\n${helpOf(command)}\n\`\`\`\n`);
  return `${heading}\n| command | what it does |\n| --- | --- |\n${rows.join("\n")}\n\n${sections.join("\n")}`;
}

const heading = `# Commands

Each command says this itself with \`--help\`. Results stand on stdout, everything else on stderr; \`--json\` is for programs. A command ends with 0 when it did what it was asked, with 2 when its line cannot be understood, and with 1 and a sentence for everything else. The commands about a connection (\`login\` to \`doctor\`) have exit codes of their own, which [connections.md](connections.md) lists. All but \`serve\` work beside a running server.
`;

/** @returns {{ name: string, command: Command }[]} */
function leavesOf(/** @type {Command} */ command, /** @type {readonly string[]} */ above) {
  const names = [...above, command.name()];
  if (command.commands.length === 0) return [{ name: names.join(" "), command }];
  return command.commands.flatMap((one) => leavesOf(one, names));
}

/** As GitHub makes it. */
const anchorOf = (/** @type {string} */ name) => name.replaceAll(" ", "-");

function helpOf(/** @type {Command} */ command) {
  let help = "";
  command.configureHelp({ helpWidth: 100 });
  command.configureOutput({
    writeOut: (text) => {
      help += text;
    },
    getOutHasColors: () => false,
  });
  command.outputHelp();
  return help.trim();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL("..", import.meta.url));
  /** @type {{ createProgram: () => Promise<Command> }} */
  const { createProgram } = await import(path.join(root, "packages/codegrant/dist/program.js"));
  writeFileSync(path.join(root, "docs/commands.md"), formatCommandsPage(await createProgram()));
}
