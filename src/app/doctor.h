#pragma once
/// Is the world around Larmor right? What was looked at, what was found, and what mends it.
///
/// Threads: any. Blocking: destinations are greeted side by side, each as long as an association may take.
#include <map>
#include <string>
#include <vector>

#include "app/plan.h"
#include "app/wiring.h"
#include "base/json.h"

namespace larmor::app {

/// One thing looked at.
struct Finding {
  std::string what;  ///< "configuration", "disk", "destination" ...
  std::string name;  ///< which, where there are several: of a destination, of a queue
  bool well = true;
  std::string words;
  std::string mend;  ///< what to do when it is not well
};

Finding configuration(const Plan&);
std::vector<Finding> rules(const Plan&);
/// Settings that somebody thinks of, looked at as `larmor check` looks at a file: one finding for each that is wrong,
/// and the rules under them. Nothing is written, and what is in force stays.
std::vector<Finding> proposed(const Plan&, const std::map<std::string, std::string>& values);
/// The configuration and what it names: rules, disk, networks, web application, destinations, certificates.
std::vector<Finding> look_around(const Plan&);
/// Before a start: may the ports be opened, and may somebody sign in?
std::vector<Finding> before_start(const Plan&);
/// In what runs: does storage take objects, is there a worker, does work lie dead? Services that are not in the house
/// are left out.
std::vector<Finding> look_inside(const House&, const Call&);

/// {"items": [...], "ill": how many are not well} (api/schemas/examination.json)
Json to_json(const std::vector<Finding>&);

}  // namespace larmor::app
