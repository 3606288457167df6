import { ConsentCard } from "./parts/consent-card.tsx";
import { CardPage, renderDocument } from "./parts/document.tsx";
import { Csrf, Field, Problem } from "./parts/form.tsx";
import { Name } from "./parts/name.tsx";
import type { DeviceConsentView, DeviceDoneView, DeviceProblem, DeviceView } from "./views.ts";
import type { Words } from "./words/en.ts";

/** Where a person types the code their device shows (RFC 8628, 3.3). Posts `user_code`. */
export function devicePage(view: DeviceView): string {
  const { device: words, frame } = view.words;
  const unknown = view.problem?.kind === "unknownCode" ? words.unknownCode : undefined;
  return renderDocument(
    <CardPage view={view} title={view.problem ? frame.titleWithProblem(words.title) : words.title}>
      <h1>{words.title}</h1>
      <p class="lead">{words.lead}</p>
      {view.problem && unknown === undefined && <Problem>{problemText(view.problem, view.words)}</Problem>}
      <form method="post">
        <Csrf value={view.csrf} />
        <Field
          name="user_code"
          label={words.userCode}
          value={view.userCode}
          error={unknown}
          autocomplete="off"
          class="code"
          verbatim
          autofocus
        />
        <button class="primary full">{words.submit}</button>
      </form>
    </CardPage>,
  );
}

/** The consent page of a device: its code to compare, and no address to go back to (RFC 8628, 3.3 and 5.4). */
export function deviceConsentPage(view: DeviceConsentView): string {
  const words = view.words.device;
  return renderDocument(
    <ConsentCard
      view={view}
      title={view.words.consent.title}
      before={
        <div class="compare">
          <p>{words.compare}</p>
          <p>
            <code>{view.userCode}</code>
          </p>
        </div>
      }
      after={<p>{words.after}</p>}
      caution={words.onlyIfYou}
    />,
  );
}

/** What became of the device; the person is done here. */
export function deviceDonePage(view: DeviceDoneView): string {
  const words = view.words.device;
  const approved = view.outcome === "approved";
  const title = approved ? words.approvedTitle : words.declinedTitle;
  const application = <Name of={view.application} />;
  return renderDocument(
    <CardPage view={view} title={title}>
      <h1>{title}</h1>
      <p>{approved ? words.approved(application) : words.declined(application)}</p>
    </CardPage>,
  );
}

function problemText(problem: DeviceProblem, words: Words): string {
  return problem.kind === "tooManyTries"
    ? words.form.tooManyTries(words.time.wait(problem.waitSeconds))
    : words.form.expired;
}
