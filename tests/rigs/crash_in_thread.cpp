// A program that crashes in a second thread, for tests/cli/crash_test.py.
#include <thread>

int main() {
  std::thread([] {
    volatile int* volatile nowhere = nullptr;
    *nowhere = 1;
  }).join();
}
