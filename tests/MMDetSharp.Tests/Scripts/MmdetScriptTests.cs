using System.Diagnostics;
using System.Text.RegularExpressions;

using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Interop;

namespace MMDetSharp.Tests.Scripts;

/// <summary>
/// ./mmdet on a system without dpkg and apt-get: a checkout of its own, a <c>PATH</c> with a few tools, and the program
/// that this test was built with.
/// </summary>
public sealed class MmdetScriptTests : IDisposable
{
    private static readonly string[] s_tools =
    [
        "bash", "dirname", "find", "mkdir", "grep", "head", "tail", "awk", "cut", "cat", "uname", "date", "touch", "rm",
        "nproc", "dotnet",
    ];

    private readonly TemporaryFolder _folder = new();

    public MmdetScriptTests()
    {
        foreach (var path in Directory.EnumerateFiles(RepositoryFolder.Under("native")))
        {
            Copy(path, "native");
        }

        Copy(RepositoryFolder.Under("mmdet"), "");
        Copy(RepositoryFolder.Under("scripts/build.sh"), "scripts");
        Copy(RepositoryFolder.Under("Directory.Build.props"), "");
        Copy(RepositoryFolder.Under("Directory.Packages.props"), "");
        Directory.CreateDirectory(_folder.Under("src"));
        string[] program = ["MMDetSharp.*.dll", "System.CommandLine*.dll", "Spectre.Console*.dll", "mmdet.*"];
        foreach (var path in program.SelectMany(files => Directory.EnumerateFiles(AppContext.BaseDirectory, files)))
        {
            Copy(path, "artifacts/mmdet");
        }

        File.SetLastWriteTimeUtc(_folder.Under("artifacts/mmdet/mmdet.dll"), DateTime.UtcNow.AddMinutes(1));
        Directory.CreateDirectory(_folder.Under("bin"));
        foreach (var tool in s_tools)
        {
            File.CreateSymbolicLink(_folder.Under($"bin/{tool}"), Find(tool));
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_NoNativeLibrary_CommandsWithoutTensorsWork()
    {
        var config = RepositoryFolder.Under("configs/quickstart/retinanet_r18_shapes.py");
        _folder.Write("voc/ImageSets/Main/train.txt", "one\n");
        _folder.Write("voc/JPEGImages/one.jpg", "");
        _folder.Write(
            "voc/Annotations/one.xml",
            "<annotation><filename>one.jpg</filename><size><width>9</width><height>9</height><depth>3</depth></size>" +
            "<object><name>cat</name><bndbox><xmin>2</xmin><ymin>2</ymin><xmax>5</xmax><ymax>5</ymax></bndbox></object>" +
            "</annotation>");
        string[] convert = ["convert", "voc2coco", _folder.Under("voc"), "--split", "train", "--out", _folder.Under("o.json")];

        Assert.Contains("quickstart", (await RunAsync("--help")).Succeeded().Output, StringComparison.Ordinal);
        Assert.Contains("--resume-from", (await RunAsync("train", "--help")).Succeeded().Output, StringComparison.Ordinal);
        Assert.Contains("RetinaNet", (await RunAsync("config", config)).Succeeded().Output, StringComparison.Ordinal);
        Assert.Contains("1 cat", (await RunAsync(convert)).Succeeded().Output, StringComparison.Ordinal);
        (await RunAsync("unheard")).Failed(2, "unheard");
    }

    [Fact]
    public async Task Run_NoNativeLibraryAndNoCompiler_NamesPackagesAndCMakeLines()
    {
        var result = await RunAsync("env");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("a C++ compiler (c++) cmake", result.Errors, StringComparison.Ordinal);
        Assert.Contains($"apt-get install {BuildAdvice.Packages}", result.Errors, StringComparison.Ordinal);
        Assert.Contains($"cmake -S {_folder.Path}/native", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_CompilerFails_SaysWhatItSaid()
    {
        Tool("c++", "exit 0");
        Tool("cmake", "case $1 in -S) exit 0 ;; esac; echo 'plan.cpp:7:3: error: no type named stream'; echo stopped; exit 1");

        var script = await RunAsync("env");
        var program = await MmdetProcess.RunAsync(Program("env"));

        Assert.Equal(1, script.ExitCode);
        Assert.Contains("plan.cpp:7:3: error: no type named stream\nstopped", script.Errors, StringComparison.Ordinal);
        Assert.Contains($"apt-get install {BuildAdvice.Packages}", script.Errors, StringComparison.Ordinal);
        program.Failed(
            1, "plan.cpp:7:3: error: no type named stream", "  stopped", $"apt-get install {BuildAdvice.Packages}",
            "cmake -S native");
    }

    [Fact]
    public async Task Run_LibraryBuiltByCMake_RunsEverything()
    {
        Directory.CreateDirectory(_folder.Under("native/build"));
        var library = _folder.Under("native/build/libmmdetsharp.so");
        File.Copy(Path.Combine(AppContext.BaseDirectory, "libmmdetsharp.so"), library);
        File.SetLastWriteTimeUtc(library, DateTime.UtcNow);

        var result = (await RunAsync("env")).Succeeded();

        Assert.Matches($"native library: +{Regex.Escape(library)}", result.Output);
    }

    [Fact]
    public void Packages_OfTheScript_AreThoseOfTheAdvice() =>
        Assert.Contains(
            $"packages=({BuildAdvice.Packages})", File.ReadAllText(RepositoryFolder.Under("scripts/build.sh")),
            StringComparison.Ordinal);

    private static string Find(string tool) => Environment.GetEnvironmentVariable("PATH")!.Split(':')
        .Select(folder => Path.Combine(folder, tool)).First(File.Exists);

    private void Copy(string path, string folder)
    {
        Directory.CreateDirectory(_folder.Under(folder));
        File.Copy(path, Path.Combine(_folder.Under(folder), Path.GetFileName(path)));
    }

    private void Tool(string name, string text)
    {
        var path = _folder.Write($"bin/{name}", $"#!{Find("bash")}\n{text}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }

    private Task<MmdetResult> RunAsync(params string[] arguments) =>
        MmdetProcess.RunAsync(InFolder(new(Find("bash"), [_folder.Under("mmdet"), .. arguments])));

    private ProcessStartInfo Program(params string[] arguments) =>
        InFolder(new("dotnet", [_folder.Under("artifacts/mmdet/mmdet.dll"), .. arguments]));

    private ProcessStartInfo InFolder(ProcessStartInfo start)
    {
        start.WorkingDirectory = _folder.Path;
        start.Environment["PATH"] = _folder.Under("bin");
        start.Environment.Remove("MMDET_NATIVE");
        return start;
    }
}
