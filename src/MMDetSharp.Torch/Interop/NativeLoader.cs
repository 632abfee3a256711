using System.Reflection;
using System.Runtime.InteropServices;

namespace MMDetSharp.Torch.Interop;

/// <summary>Finds the native shim: <c>MMDET_NATIVE</c>, beside the assembly, or the checkout's native/build.</summary>
internal static unsafe class NativeLoader
{
    private const string FileName = "libmmdetsharp.so";
    private static readonly Lock s_gate = new();
    private static int s_installed;
    private static nint s_library;

    /// <summary>The file that was loaded; empty before the first native call.</summary>
    internal static string LoadedFrom { get; private set; } = "";

    /// <summary>Registers the search once. Nothing is loaded before the first native call.</summary>
    internal static void Install()
    {
        if (Interlocked.Exchange(ref s_installed, 1) == 0)
        {
            NativeLibrary.SetDllImportResolver(typeof(NativeLoader).Assembly, Resolve);
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (name != Native.Library)
        {
            return 0;
        }

        lock (s_gate)
        {
            if (s_library == 0)
            {
                var isSpinLimited = SpinLimit.Set();
                s_library = Load();
                SetThreads();
                if (isSpinLimited && NativeLibrary.TryGetExport(s_library, "mdt_hold_threads", out var address))
                {
                    var hold = (delegate* unmanaged<int, int>)address;
                    LoadWatch.Start(isCrowded => hold(isCrowded ? 1 : 0) == 0);
                }
            }

            return s_library;
        }
    }

    private static nint Load()
    {
        var problem = "";
        foreach (var path in Candidates().Where(File.Exists))
        {
            try
            {
                var library = NativeLibrary.Load(path);
                LoadedFrom = path;
                return library;
            }
            catch (DllNotFoundException error)
            {
                problem = $"\n{path} could not be loaded: {error.Message}";
            }
        }

        throw new TorchException(
            $"The native library {FileName} must lie beside the program, in native/build of the checkout, or at the " +
            $"path in MMDET_NATIVE; it was found in none.{problem}\n{BuildAdvice.Text(AppContext.BaseDirectory)}");
    }

    // libtorch's own default is half of the logical processors, even where each is a core; with one thread it also
    // leaves 1x1 convolutions to a slow library. OMP_NUM_THREADS decides when it is set.
    private static void SetThreads()
    {
        if (Environment.GetEnvironmentVariable("OMP_NUM_THREADS") is null)
        {
            var setThreads = (delegate* unmanaged<int, int>)NativeLibrary.GetExport(s_library, "mdt_set_threads");
            Native.Check(setThreads(PhysicalCores.Count()));
        }
    }

    private static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable("MMDET_NATIVE") is { Length: > 0 } path)
        {
            yield return Directory.Exists(path) ? Path.Combine(path, FileName) : path;
        }

        yield return Path.Combine(AppContext.BaseDirectory, FileName);
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            yield return Path.Combine(folder.FullName, "native", "build", FileName);
        }
    }
}
