"""RFC 9113's cases against the aggregator and against nghttpd, nghttp2's own server: who answers how."""
import contextlib
import re

import server
import violations


def run(binary, pattern):
    """Prints both answers to each case; gives the exit status."""
    cases = [case for case in violations.CASES if re.search(pattern, case.name)]
    failed = 0
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(server.temporary_folder())
        ours, theirs = server.aggregator(binary, folder, secured=False), server.nghttpd()
        for target in (ours, theirs):
            stack.callback(target.stop)
            target.wait_until_up()
        print("| attack | the text | the aggregator | nghttpd |")
        print("| --- | --- | --- | --- |")
        for case in cases:
            answers = [case.attack(target) for target in (ours, theirs)]
            conforms = [case.expect.holds(answer) for answer in answers]
            failed += not conforms[0]
            marked = " | ".join(f"{'' if good else '**not so** '}{answer}" for answer, good in zip(answers, conforms))
            print(f"| {case.name} | {case.text} | {marked} |", flush=True)
    print(f"\n{len(cases) - failed} passed, {failed} failed")
    return 1 if failed or not cases else 0
