namespace MMDetSharp.Torch.Interop;

/// <summary>What to do when the native library is missing, and why its last build failed.</summary>
internal static class BuildAdvice
{
    /// <summary>What the build needs, by the names of Debian and Ubuntu; scripts/build.sh installs the same.</summary>
    internal const string Packages = "g++ cmake ninja-build libtorch-dev libopencv-dev libjpeg-dev zlib1g-dev libdnnl-dev";

    private const int LogLines = 15;

    /// <summary>The advice, and the end of the log that a failed build left in the checkout above a folder.</summary>
    internal static string Text(string folder) =>
        $"{FailedBuild(folder)}Build it in the checkout: ./mmdet build. Or by hand:\n" +
        $"  apt-get install {Packages}    # Debian, Ubuntu; elsewhere what these packages hold\n" +
        "  cmake -S native -B native/build -DCMAKE_BUILD_TYPE=Release && cmake --build native/build";

    // The script removes the log when the build succeeds.
    private static string FailedBuild(string folder)
    {
        for (var root = new DirectoryInfo(folder); root is not null; root = root.Parent)
        {
            var log = Path.Combine(root.FullName, "artifacts", "native.log");
            if (File.Exists(Path.Combine(root.FullName, "native", "CMakeLists.txt")) && File.Exists(log))
            {
                var end = File.ReadLines(log).Where(line => line.Length > 0).TakeLast(LogLines).Select(line => "  " + line);
                return $"Its last build failed; the end of {log}:\n{string.Join('\n', end)}\n";
            }
        }

        return "";
    }
}
