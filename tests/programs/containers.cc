// A program whose memory the standard library's containers hold, with classes and functions local to this file that
// the compiler inlines. For the tests of names, and of the functions that call sites are named by.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <unordered_map>
#include <vector>

namespace {

struct Point {
  int x, y;
};

class Registry {
 public:
  explicit Registry(int count) {
    for (int index = 0; index < count; ++index) add(index);
  }
  void add(int index) { names_.push_back("a name that is longer than the small buffer " + std::to_string(index)); }
  template <typename Function>
  void each(Function function) const {
    for (const std::string& name : names_) function(name);
  }
  const std::string& at(std::size_t index) const { return names_[index]; }
  struct Cursor {
    std::size_t at;
    std::size_t next(const Registry& registry) { return registry.at(at++).size(); }
  };

 private:
  std::vector<std::string> names_;
};

int twice(const Point* point, int (&three)[3], void (*tell)(int)) {
  tell(point->x);
  return point->x * 2 + three[0];
}
void say(int value) { std::printf("%d\n", value); }

template <typename... Parts>
int sum(Parts... parts) {
  return (static_cast<int>(parts) + ... + 0);
}

}  // namespace

namespace store {

template <typename Key, typename Value>
class Cache {
 public:
  void put(Key key, Value value) {
    values_[key] = std::make_shared<Value>(std::move(value));
    order_.push_back(std::move(key));
  }

 private:
  std::map<Key, std::shared_ptr<Value>> values_;
  std::deque<Key> order_;
};

struct Node {
  explicit Node(int at) : value(at) {}
  std::unique_ptr<Node> left, right;
  int value;
};

static std::unique_ptr<Node> tree(int depth) {
  if (depth == 0) return nullptr;
  auto node = std::make_unique<Node>(depth);
  node->left = tree(depth - 1);
  node->right = tree(depth - 1);
  return node;
}

}  // namespace store

static int total(const Registry& registry) {
  int bytes = 0;
  registry.each([&bytes](const std::string& name) { bytes += static_cast<int>(name.size()); });
  return bytes;
}

static std::string grown(int size) {
  std::string text;
  for (int index = 0; index < size; ++index) text += 'x';
  return text;
}

// With a word, it ends while it holds all.
int main(int count, char** words) {
  Registry registry(100);
  store::Cache<std::string, std::vector<double>> cache;
  for (std::size_t index = 1; index < 200; ++index) {
    cache.put("a key that is long enough " + std::to_string(index), std::vector<double>(index));
  }
  const std::unique_ptr<store::Node> tree = store::tree(8);
  std::unordered_map<int, std::string> byNumber;
  for (int index = 0; index < 500; ++index) byNumber.emplace(index, std::string(40, 'x'));
  std::set<int> ordered;
  std::list<Point> points;
  for (int index = 0; index < 300; ++index) {
    ordered.insert(index * 7 % 301);
    points.push_back({index, index});
  }
  std::vector<int> numbers;
  for (int index = 0; index < 1000; ++index) numbers.push_back(index);
  const std::function<int(int)> kept = [large = std::vector<int>(100), count](int value) {
    return value + count + large[0];
  };
  int three[3] = {1, 2, 3};
  const Point point{3, 4};
  Registry::Cursor cursor{0};
  std::unique_ptr<int[]> raw(new int[1000]);
  raw[static_cast<std::size_t>(count)] = 3;
  std::ostringstream out;
  for (int index = 0; index < 1000; ++index) out << "value " << index;
  const std::string text = grown(10000);
  say(total(registry) + kept(1) + twice(&point, three, say) +
      sum(cursor.next(registry), raw[1], out.str().size(), text.size(), points.front().x, byNumber.size()) +
      *ordered.begin() + tree->value + numbers.back());
  std::fflush(stdout);
  if (count > 1 && words[1] != nullptr) std::_Exit(0);
  return 0;
}
